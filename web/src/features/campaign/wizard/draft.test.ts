import { describe, expect, it } from 'vitest'
import type { Import } from '@/platform/types'
import { blank, body, firstWrong, instant, stillFree, wrong, type Draft, type Field } from './draft'

const list = { id: '9', state: 'ready', accepted: 40 } as Import
const full: Draft = { ...blank, name: ' 邀约 ', list, script: '1', seats: ['2'], template: '3' }
const fields = (d: Draft) => Object.keys(wrong(d)) as Field[]

describe('a draft', () => {
  it('that is blank lacks five things, and the first step is where to begin', () => {
    expect(fields(blank)).toEqual(['name', 'import_id', 'script_id', 'seat_ids', 'template_id'])
    expect(firstWrong(fields(blank))).toBe('leads')
  })
  it('that is complete lacks nothing', () => expect(wrong(full)).toEqual({}))
  it.each<[string, Partial<Draft>, Field]>([
    ['a list of nobody', { list: { ...list, accepted: 0 } }, 'import_id'],
    ['a list still being checked', { list: { ...list, state: 'checking' } }, 'import_id'],
    ['an SMS without a template', { keyword: '' }, 'keyword_sms'],
    ['screening without grades', { screening: [{ template: '4', grades: [] }] }, 'screening_sms'],
    ['a push to nobody', { push: { grades: ['A'], reps: [], mode: 'each' } }, 'push'],
    ['a gate that asks nothing', { gate: { keywords: ['多少钱'], min_keywords: 0, min_talk_s: 0, min_rounds: 0 } }, 'gate'],
    ['later, but not when', { start: 'later' }, 'start_at'],
  ])('%s is not complete', (_, change, field) => expect(fields({ ...full, ...change })).toEqual([field]))
  it('may push to the owner alone', () => expect(wrong({ ...full, push: { grades: ['A'], reps: [], mode: 'owner' } })).toEqual({}))
})

it('keeps only seats that nobody else took', () => {
  const chosen = ['1', '2']
  expect(stillFree(chosen, [{ id: '1' }, { id: '2' }, { id: '3' }])).toBe(chosen)
  expect(stillFree(chosen, [{ id: '2' }])).toEqual(['2'])
})

describe('what is sent', () => {
  it('leaves out what is off', () => expect(body(full, 'Asia/Shanghai')).toEqual({ name: '邀约', import_id: '9', script_id: '1', seat_ids: ['2'], template_id: '3', start: 'now' }))
  it('carries the tenant\'s clock as a moment', () => expect(body({ ...full, start: 'later', at: '2026-11-23 09:30' }, 'Asia/Shanghai').start_at).toBe('2026-11-23T01:30:00.000Z'))
})

it.each([
  ['2026-11-23 09:30', 'UTC', '2026-11-23T09:30:00.000Z'],
  ['2026-07-01 09:00', 'America/New_York', '2026-07-01T13:00:00.000Z'],
  ['2026-12-01 09:00', 'America/New_York', '2026-12-01T14:00:00.000Z'],
  ['2026-03-08 03:30', 'America/New_York', '2026-03-08T07:30:00.000Z'], // half an hour after clocks went forward
])('%s in %s', (wall, zone, want) => expect(instant(wall, zone)).toBe(want))
