import { expect, it } from 'vitest'
import { lacking } from './lacking'

const item = (key: string, must: boolean, ok: boolean) => ({ key, must, ok, text: '', link: '/' })
const list = (...items: ReturnType<typeof item>[]) => ({ ready: items.every(i => i.ok || !i.must), items })

it('shows everything while calls cannot be made', () => {
  const found = lacking(list(item('seat', true, true), item('script', true, false), item('sms', false, false)))
  expect([found.show, found.items.map(i => i.key)]).toEqual(['all', ['seat', 'script', 'sms']])
})
it('says in a line what is only optional', () => {
  const found = lacking(list(item('seat', true, true), item('sms', false, true), item('wechat', false, false)))
  expect([found.show, found.items.map(i => i.key)]).toEqual(['line', ['wechat']])
})
it('says nothing where nothing is missing', () => expect(lacking(list(item('seat', true, true), item('sms', false, true))).show).toBe('none'))
