import type { Peaks, Turn, TurnHit } from './types'

// What the player decides, without a page: which bars to draw, which sentence is being
// said, and where silence may be jumped over.

/** bars reduces one channel's min/max pairs to n heights from 0 to 1, the loudest of each stretch. */
export function bars(channel: readonly number[], n: number): number[] {
  const pairs = channel.length >> 1
  return Array.from({ length: n }, (_, i) => {
    const [from, to] = [Math.floor((i * pairs) / n), Math.max(Math.floor((i * pairs) / n) + 1, Math.floor(((i + 1) * pairs) / n))]
    let top = 0
    for (let j = from; j < to && j < pairs; j++) top = Math.max(top, -channel[2 * j]!, channel[2 * j + 1]!)
    return Math.min(1, top / 127)
  })
}

/** turnAt is the index of the sentence being said at a moment, or the last one that began before it; -1 before the first. */
export function turnAt(turns: readonly Pick<Turn, 'at_ms'>[], ms: number): number {
  let found = -1
  for (let i = 0; i < turns.length; i++) if (turns[i]!.at_ms <= ms) found = i
  return found
}

export interface Silence { from: number; to: number }

/** silences are the stretches of at least longest ms in which neither side is heard, in ms. A little is left on each side, so that words are not clipped. */
export function silences(peaks: Peaks, longest = 1200, floor = 6, margin = 250): Silence[] {
  const found: Silence[] = []
  const pairs = Math.max(peaks.left.length, peaks.right.length) >> 1
  const quiet = (i: number) => [peaks.left, peaks.right].every(c => Math.abs(c[2 * i] ?? 0) <= floor && Math.abs(c[2 * i + 1] ?? 0) <= floor)
  let start = -1
  for (let i = 0; i <= pairs; i++) {
    if (i < pairs && quiet(i)) { if (start < 0) start = i; continue }
    const [from, to] = [(start / peaks.rate) * 1000, (i / peaks.rate) * 1000]
    if (start >= 0 && to - from >= longest) found.push({ from: from + margin, to: to - margin })
    start = -1
  }
  return found
}

/** jump is where playing goes on from a moment: the same moment, or the end of the silence it lies in. */
export function jump(all: readonly Silence[], ms: number): number {
  const inside = all.find(s => ms >= s.from && ms < s.to - 40)
  return inside ? inside.to : ms
}

export type PlayerKey = 'toggle' | 'back' | 'on'

/**
 * playerKey is what a key does to the player. Space plays wherever nothing else takes it; the
 * arrows do so inside the player, and on the whole page where the page is that one call.
 * on is what the key was pressed on: a control takes Space, something to type or slide in takes all.
 */
export function playerKey(key: string, on: 'page' | 'control' | 'input', inside: boolean, whole: boolean): PlayerKey | undefined {
  if (on === 'input') return undefined
  if (key === ' ') return on === 'control' ? undefined : 'toggle'
  if (!inside && !(whole && on === 'page')) return undefined
  return key === 'ArrowLeft' ? 'back' : key === 'ArrowRight' ? 'on' : undefined
}

type Hit = Pick<TurnHit, 'from' | 'to' | 'kind' | 'class_label'>

export interface Piece { text: string; hit?: Hit }

/** pieces cuts a sentence at its keyword hits; offsets count characters, overlapping hits after the first are left out. */
export function pieces(text: string, hits: readonly Hit[] | null | undefined): Piece[] {
  const letters = [...text]
  const out: Piece[] = []
  let at = 0
  for (const hit of [...(hits ?? [])].sort((a, b) => a.from - b.from)) {
    if (hit.from < at || hit.to > letters.length || hit.to <= hit.from) continue
    if (hit.from > at) out.push({ text: letters.slice(at, hit.from).join('') })
    out.push({ text: letters.slice(hit.from, hit.to).join(''), hit })
    at = hit.to
  }
  if (at < letters.length) out.push({ text: letters.slice(at).join('') })
  return out
}
