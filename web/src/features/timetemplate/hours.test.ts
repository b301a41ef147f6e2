import { expect, it } from 'vitest'
import { beyondLaw, runs, wrongRanges } from './hours'

const r = (text: string) => text.split(' ').filter(Boolean).map(x => { const [from = '', to = ''] = x.split('-'); return { from, to } })

it.each([
  ['09:00-12:00 14:00-18:00', undefined], ['14:00-18:00 09:00-12:00', undefined], ['09:00-12:00 12:00-13:00', undefined],
  ['09:00-', 'timetemplate.wrong.blank'], ['12:00-09:00', 'timetemplate.wrong.backwards'], ['09:00-09:00', 'timetemplate.wrong.backwards'],
  ['14:00-18:00 09:00-14:30', 'timetemplate.wrong.overlap'],
])('%s', (text, want) => expect(wrongRanges(r(text))).toBe(want))

it('tells what the law will cut off', () => {
  expect(['07:30-12:00', '19:00-22:00', '08:00-21:00'].map(x => beyondLaw(r(x)))).toEqual([true, true, false])
})

it.each([[[1, 2, 3, 4, 5], [[1, 5]]], [[7, 6], [[6, 7]]], [[1, 3, 4], [[1, 1], [3, 4]]], [[], []]])('%j in runs', (days, want) => expect(runs(days)).toEqual(want))
