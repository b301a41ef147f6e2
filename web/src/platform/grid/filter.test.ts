import { describe, expect, it } from 'vitest'
import { chips, read, write, type Filter } from './filter'

const filters: Filter[] = [
  { kind: 'search', name: 'q', label: 'Search' },
  { kind: 'choice', name: 'grade', label: 'Grade', many: true, options: [{ value: 'A', label: 'Strong' }, { value: 'B', label: 'Engaged' }] },
  { kind: 'dates', name: 'days', label: 'Day' },
  { kind: 'range', name: 'talk', label: 'Talk', min: 'min_ms', max: 'max_ms', unit: 's', scale: 1000 },
]
const at = (q: string) => read(filters, new URLSearchParams(q))

it('reads only what a filter knows', () => expect(at('q=wang&grade=A&peek=7&min_ms=')).toEqual({ q: 'wang', grade: 'A' }))

it('writes beside what others keep in the address', () => {
  expect(write(new URLSearchParams('peek=7&q=wang'), { q: '', grade: 'A,B' }).toString()).toBe('peek=7&grade=A%2CB')
})

describe('chips', () => {
  const words = (q: string) => chips(filters, at(q)).map(c => c.text)
  it.each([
    ['', []],
    ['q=wang', ['wang']],
    ['grade=A,B', ['Strong, Engaged']],
    ['grade=Z', ['Z']],
    ['from=2026-11-01&to=2026-11-01', ['2026-11-01']],
    ['from=2026-11-01', ['2026-11-01 – …']],
    ['min_ms=30000', ['≥ 30 s']],
    ['min_ms=30000&max_ms=60000', ['30–60 s']],
    ['max_ms=60000', ['≤ 60 s']],
  ])('%s', (q, want) => expect(words(q)).toEqual(want))
  it('clears all the parameters of its filter', () => {
    expect(chips(filters, at('from=2026-11-01&to=2026-11-02'))[0]!.clear).toEqual({ from: '', to: '' })
  })
})
