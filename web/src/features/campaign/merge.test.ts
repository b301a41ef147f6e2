import { expect, it } from 'vitest'
import type { Campaign } from '@/platform/types'
import { merge } from './merge'

const at = (called: number, more: Partial<Campaign> = {}) => ({ id: '1', state: 'running', counts: { called, total: 40, connected: 0, active: 0, waiting: 0 }, why_waiting: null, ...more }) as unknown as Campaign

it('takes the newer numbers and keeps what events do not carry', () => {
  expect(merge({ ...at(3), funnel: 'kept' } as Campaign, at(5))).toMatchObject({ counts: { called: 5 }, funnel: 'kept' })
})
it('never runs back', () => expect(merge(at(5), at(3)).counts.called).toBe(5))
it('runs back for a redial', () => expect(merge(at(40, { state: 'completed' }), at(12)).counts.called).toBe(12))
it('keeps the sentence in the language that was fetched', () => {
  const old = at(1, { why_waiting: { key: 'pacing.outside_hours', text: 'Outside hours' } })
  expect(merge(old, at(2, { why_waiting: { key: 'pacing.outside_hours', text: '不在时段' } })).why_waiting?.text).toBe('Outside hours')
  expect(merge(old, at(2)).why_waiting).toBeNull()
})
