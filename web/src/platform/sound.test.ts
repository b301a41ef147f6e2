import { describe, expect, it } from 'vitest'
import { bars, jump, pieces, playerKey, silences, turnAt } from './sound'

const hit = (from: number, to: number) => ({ class: 'q', class_label: '问题', kind: 'question', keyword: 'k', from, to })

it('bars keep the loudest of each stretch', () => {
  expect(bars([-10, 127, 0, 0, -127, 3, 0, 0], 2)).toEqual([1, 1])
  expect(bars([0, 0, -64, 10], 2).map(v => Math.round(v * 100))).toEqual([0, 50])
  expect(bars([-127, 0], 4)).toEqual([1, 1, 1, 1])
  expect(bars([], 3)).toEqual([0, 0, 0])
})

it('turnAt follows the words', () => {
  const turns = [{ at_ms: 800 }, { at_ms: 3600 }]
  expect([0, 800, 3599, 3600, 99_000].map(ms => turnAt(turns, ms))).toEqual([-1, 0, 0, 1, 1])
})

describe('silences', () => {
  // Ten pairs a second: one second of callee, three of nothing, one of robot.
  const side = (talks: (s: number) => boolean) => Array.from({ length: 50 }, (_, i) => (talks(i / 10) ? [-80, 80] : [-1, 1])).flat()
  const peaks = { rate: 10, left: side(s => s < 1), right: side(s => s >= 4) }
  it('are where neither side is heard', () => expect(silences(peaks)).toEqual([{ from: 1250, to: 3750 }]))
  it('are jumped over, and nothing else is', () => {
    const all = silences(peaks)
    expect([500, 1300, 3740, 4200].map(ms => jump(all, ms))).toEqual([500, 3750, 3740, 4200])
  })
  it('short pauses stay', () => expect(silences(peaks, 5000)).toEqual([]))
  it('silence up to the end counts', () => expect(silences({ rate: 10, left: Array(60).fill(0), right: [] })).toEqual([{ from: 250, to: 2750 }]))
})

describe('pieces', () => {
  const cut = (text: string, ...hits: ReturnType<typeof hit>[]) => pieces(text, hits).map(p => (p.hit ? `[${p.text}]` : p.text)).join('')
  it.each([
    ['no hit', cut('多少钱一平'), '多少钱一平'],
    ['in the middle', cut('房子多少钱一平', hit(2, 5)), '房子[多少钱]一平'],
    ['two, out of order', cut('在哪里离地铁近', hit(4, 6), hit(0, 3)), '[在哪里]离[地铁]近'],
    ['overlapping', cut('不需要', hit(0, 3), hit(1, 3)), '[不需要]'],
    ['beyond the text', cut('嗯', hit(0, 9)), '嗯'],
    ['characters, not code units', cut('😀好的', hit(1, 3)), '😀[好的]'],
  ])('%s', (_, got, want) => expect(got).toBe(want))
})

it.each([
  [' ', 'page', false, false, 'toggle'], [' ', 'control', true, true, undefined], [' ', 'input', false, true, undefined],
  ['ArrowLeft', 'page', true, false, 'back'], ['ArrowRight', 'control', true, false, 'on'], ['ArrowLeft', 'page', false, false, undefined], // in a quick look ← is the row before
  ['ArrowRight', 'page', false, true, 'on'], ['ArrowRight', 'control', false, true, undefined], ['ArrowRight', 'input', false, true, undefined], ['x', 'page', true, true, undefined],
] as const)('the key %j on a %s, inside %s, whole page %s: %s', (key, on, inside, whole, want) => expect(playerKey(key, on, inside, whole)).toBe(want))
