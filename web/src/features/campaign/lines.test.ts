import { expect, it } from 'vitest'
import type { ActiveCall } from '@/platform/types'
import { known, linger, moved, spoke, swept, type CallEvent, type Lines } from './lines'

const at = (s: number) => new Date(s * 1000).toISOString()
const event = (id: string, state: CallEvent['state'], s: number, more: Partial<CallEvent> = {}): CallEvent => ({ id, campaign: '1', seat: '8001', name: '王芳', number: '138****0001', state, at: at(s), ...more })
const active = (call_id: string, s: number): ActiveCall => ({ call_id, lead_id: '9', seat: '8001', name: '王芳', number: '138 **** 0001', state: 'talking', since: at(s) })

// A browser whose clock is an hour behind the server's: what it heard is on its own clock.
const here = (s: number) => s * 1000 - 3_600_000
const move = (l: Lines, e: CallEvent) => moved(l, e, here(Date.parse(e.at) / 1000))

it('follows a call from dialling to its grade', () => {
  let l = move({}, event('a', 'dialling', 10))
  expect(l['8001']).toMatchObject({ state: 'dialling', since: 10_000, heard: here(10) })
  l = spoke(move(l, event('a', 'talking', 14)), { call: 'a', campaign: '1', who: 'callee', text: '多少钱' })
  l = move(l, event('a', 'ended', 30, { grade: 'A', outcome: 'answered' }))
  expect(l['8001']).toMatchObject({ state: 'ended', grade: 'A', said: '多少钱' })
})
it('lets no late event of the last call overwrite the next one', () => {
  const l = move({}, event('b', 'dialling', 31))
  expect(move(l, event('a', 'ended', 30))['8001']!.call).toBe('b')
})
it('keeps the words when the same call is fetched', () => {
  const l = spoke(move({}, event('a', 'talking', 14)), { call: 'a', campaign: '1', who: 'robot', text: '您好' })
  expect(known(l, [active('a', 14)], here(20))['8001']!.said).toBe('您好')
})
it('drops a call whose end was never heard of', () => expect(known(move({}, event('a', 'talking', 14)), [], here(20))).toEqual({}))
it('shows an ended call for a while', () => {
  const l = move({}, event('a', 'ended', 30))
  expect(swept(l, here(30) + linger - 1)).toBe(l)
  expect(swept(l, here(30) + linger + 1)).toEqual({})
})
it('hears nothing of a call it does not show', () => expect(spoke({}, { call: 'x', campaign: '1', who: 'robot', text: '您好' })).toEqual({}))
it('runs the timer of a fetched call from its beginning, and never from the future', () => {
  expect(known({}, [active('a', 14)], 20_000)['8001']!.heard).toBe(14_000)
  expect(known({}, [active('a', 14)], here(20))['8001']!.heard).toBe(here(20))
})
