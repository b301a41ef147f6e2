import { expect, it } from 'vitest'
import type { ActiveCall } from '@/platform/types'
import { known, linger, moved, spoke, swept, type CallEvent } from './lines'

const at = (s: number) => new Date(s * 1000).toISOString()
const event = (id: string, state: CallEvent['state'], s: number, more: Partial<CallEvent> = {}): CallEvent => ({ id, campaign: '1', seat: '8001', name: '王芳', number: '138****0001', state, at: at(s), ...more })
const active = (call_id: string, s: number): ActiveCall => ({ call_id, lead_id: '9', seat: '8001', name: '王芳', number: '138 **** 0001', state: 'talking', since: at(s) })

it('follows a call from dialling to its grade', () => {
  let l = moved({}, event('a', 'dialling', 10))
  expect(l['8001']).toMatchObject({ state: 'dialling', since: 10_000 })
  l = spoke(moved(l, event('a', 'talking', 14)), { call: 'a', campaign: '1', who: 'callee', text: '多少钱' })
  l = moved(l, event('a', 'ended', 30, { grade: 'A', outcome: 'answered' }))
  expect(l['8001']).toMatchObject({ state: 'ended', grade: 'A', said: '多少钱' })
})
it('lets no late event of the last call overwrite the next one', () => {
  const l = moved({}, event('b', 'dialling', 31))
  expect(moved(l, event('a', 'ended', 30))['8001']!.call).toBe('b')
})
it('keeps the words when the same call is fetched', () => {
  const l = spoke(moved({}, event('a', 'talking', 14)), { call: 'a', campaign: '1', who: 'robot', text: '您好' })
  expect(known(l, [active('a', 14)])['8001']!.said).toBe('您好')
})
it('drops a call whose end was never heard of', () => expect(known(moved({}, event('a', 'talking', 14)), [])).toEqual({}))
it('shows an ended call for a while', () => {
  const l = moved({}, event('a', 'ended', 30))
  expect(swept(l, 30_000 + linger - 1)).toBe(l)
  expect(swept(l, 30_000 + linger + 1)).toEqual({})
})
it('hears nothing of a call it does not show', () => expect(spoke({}, { call: 'x', campaign: '1', who: 'robot', text: '您好' })).toEqual({}))
