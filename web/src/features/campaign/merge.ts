import type { Campaign } from '@/platform/types'

/**
 * merge puts the numbers of an event into what was fetched. Events are written once for
 * everybody, so a sentence of theirs may be in another language: the same reason keeps the
 * sentence that was fetched. A count never runs back, because events may overtake an answer.
 */
export function merge<C extends Campaign>(old: C, told: Campaign): C {
  const same = old.why_waiting && told.why_waiting && old.why_waiting.key === told.why_waiting.key
  const restarted = told.state === 'running' && old.state === 'completed'
  if (told.counts.called < old.counts.called && !restarted) return old
  return { ...old, ...told, why_waiting: same ? old.why_waiting : told.why_waiting }
}
