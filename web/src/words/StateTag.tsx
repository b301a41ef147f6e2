import { useTranslation } from 'react-i18next'
import css from './words.module.css'

type Tone = 'blue' | 'amber' | 'green' | 'red' | 'grey'

// Every state of every life in the product, and its colour. UI.md: running blue, paused
// amber, completed green, terminated and failed red, not started grey.
const tones = {
  not_started: 'grey', running: 'blue', paused: 'amber', terminated: 'red', completed: 'green',
  idle: 'green', in_service: 'blue', disabled: 'grey', expired: 'red',
  draft: 'grey', publishing: 'blue', published: 'green',
  queued: 'grey', done: 'green', failed: 'red', cancelled: 'grey',
  waiting: 'grey', calling: 'blue', dialling: 'amber', talking: 'blue', ended: 'grey',
  pending: 'grey', sending: 'blue', sent: 'green', delivered: 'green', unknown: 'amber',
  uploaded: 'grey', checking: 'blue', ready: 'green', starting: 'amber', missing: 'red',
  active: 'green', suspended: 'amber', skipped: 'grey', claimed: 'amber', interrupted: 'red',
} as const satisfies Record<string, Tone>

export type AnyState = keyof typeof tones

/** StateTag is where a thing stands in its life: a dot in its colour and the word, never the colour alone. */
export function StateTag({ state }: { state: AnyState | (string & {}) }) {
  const { t, i18n } = useTranslation()
  const tone: Tone = state in tones ? tones[state as AnyState] : 'grey'
  const key = `words.state.${state}`
  return <span className={css.state} data-tone={tone} data-state={state}>{i18n.exists(key) ? t(key) : state}</span>
}

/** Tag is a short label in one of the five tones. */
export function Tag({ tone = 'grey', children }: { tone?: Tone; children: React.ReactNode }) {
  return <span className={css.tag} data-tone={tone}>{children}</span>
}

/** useOutcome names how a call ended, in a person's words. */
export function useOutcome() {
  const { t, i18n } = useTranslation()
  return (outcome: string) => !outcome ? '–' : i18n.exists(`words.outcome.${outcome}`) ? t(`words.outcome.${outcome}`) : outcome
}
