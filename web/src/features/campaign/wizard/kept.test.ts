import { beforeEach, expect, it } from 'vitest'
import { blank } from './draft'
import { forget, keep, recall } from './kept'

const held = new Map<string, string>()
const store = { getItem: (k: string) => held.get(k) ?? null, setItem: (k: string, v: string) => void held.set(k, v), removeItem: (k: string) => void held.delete(k) }
const draft = { ...blank, name: '邀约', seats: ['2'] }
beforeEach(() => held.clear())

it('gives a draft back where it was left', () => {
  keep(store, '7', { draft, step: 'robot' })
  expect(recall(store, '7')).toEqual({ draft, step: 'robot' })
})
it('leaves no rows of the file behind', () => {
  const list = { id: '1', sheet: { headers: [{ sample: ['13800138000'] }], preview: [['王先生', '13800138000']] } } as unknown as NonNullable<typeof blank.list>
  keep(store, '7', { draft: { ...draft, list }, step: 'leads' })
  expect(held.get('yd.draft')).not.toContain('13800138000')
  expect(recall(store, '7')?.draft.list?.id).toBe('1')
})
it('gives nobody the draft of someone else', () => {
  keep(store, '7', { draft, step: 'robot' })
  expect(recall(store, '8')).toBeNull()
})
it('gives nothing back after it was forgotten', () => {
  keep(store, '7', { draft, step: 'robot' })
  forget(store)
  expect(recall(store, '7')).toBeNull()
})
it.each(['', 'not json', '{"user":"7"}', 'null'])('takes %j for no draft', text => {
  held.set('yd.draft', text)
  expect(recall(store, '7')).toBeNull()
})
it('fills what an older console did not know', () => {
  held.set('yd.draft', '{"user":"7","draft":{"name":"x"},"step":"gone"}')
  expect(recall(store, '7')).toEqual({ draft: { ...blank, name: 'x' }, step: 'leads' })
})
