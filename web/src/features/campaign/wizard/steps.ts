import type { Draft, Field } from './draft'

/** StepProps is what every step of the wizard gets: the draft, how to change it, and what is wrong with a field, in words. */
export interface StepProps {
  draft: Draft
  set: (change: Partial<Draft>) => void
  wrong: (field: Field) => string | undefined
}
