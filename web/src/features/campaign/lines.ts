import type { ActiveCall } from '@/platform/types'

// What every robot seat of a campaign is doing, put together from the calls that were
// fetched and the events since. Pure.

/** Line is one seat's call: under way, or just ended and still shown for a moment. */
export interface Line {
  call: string
  seat: string
  name: string
  number: string
  state: 'dialling' | 'talking' | 'ended'
  since: number                       // ms on the server's clock: what came later wins
  heard: number                       // ms on this browser's: from when a timer runs
  who?: 'callee' | 'robot'
  said?: string                       // the last words
  grade?: string
  outcome?: string
}

export type Lines = Record<string, Line>   // by seat

export interface CallEvent { id: string; campaign: string; state: Line['state']; seat: string; name: string; number: string; at: string; grade?: string; outcome?: string }
export interface TurnEvent { call: string; campaign: string; who: 'callee' | 'robot'; text: string }

/** linger is how long an ended call stays to be read, in ms. */
export const linger = 6000

/** known takes the calls under way as fetched now; what is already known of them (words, a later state) stays. */
export function known(lines: Lines, active: readonly ActiveCall[], now: number): Lines {
  const next = { ...lines }
  const under = new Set(active.map(a => a.call_id))
  for (const a of active) {
    const old = next[a.seat]
    if (old?.call === a.call_id || (old && old.since > Date.parse(a.since))) continue
    next[a.seat] = { call: a.call_id, seat: a.seat, name: a.name, number: a.number, state: a.state === 'talking' ? 'talking' : 'dialling', since: Date.parse(a.since), heard: Math.min(now, Date.parse(a.since)) }
  }
  // A call whose end was never heard of (a lost stream) is over when the server no longer has it.
  for (const l of Object.values(next)) if (l.state !== 'ended' && !under.has(l.call)) delete next[l.seat]
  return next
}

/** moved takes what a call event says, now. An event of a call that the seat no longer has is late and changes nothing. */
export function moved(lines: Lines, e: CallEvent, now: number): Lines {
  const old = lines[e.seat]
  const at = Date.parse(e.at)
  if (old && old.call !== e.id && old.since > at) return lines
  const heard = old?.call === e.id && old.since === at ? old.heard : now // the same event, told again
  const words = old?.call === e.id ? { who: old.who, said: old.said } : {}
  return { ...lines, [e.seat]: { call: e.id, seat: e.seat, name: e.name, number: e.number, state: e.state, since: at, heard, ...words, grade: e.grade || undefined, outcome: e.outcome || undefined } }
}

/** spoke takes a sentence, or the part of one heard so far. */
export function spoke(lines: Lines, e: TurnEvent): Lines {
  const line = Object.values(lines).find(l => l.call === e.call)
  if (!line || !e.text) return lines
  return { ...lines, [line.seat]: { ...line, state: line.state === 'dialling' ? 'talking' : line.state, who: e.who, said: e.text } }
}

/** swept drops calls that ended a while ago; the same object comes back when there is nothing to drop. */
export function swept(lines: Lines, now: number): Lines {
  const old = Object.values(lines).filter(l => l.state === 'ended' && now - l.heard > linger)
  if (!old.length) return lines
  const next = { ...lines }
  for (const l of old) delete next[l.seat]
  return next
}
