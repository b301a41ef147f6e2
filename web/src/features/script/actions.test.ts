import { expect, it } from 'vitest'
import type { Script } from '@/platform/types'
import { actionsOf, publishing } from './actions'

const draft = { id: '1', name: '楼盘', state: 'draft', version: 2, published_version: 1, used_by: 0 } as Script
const going = { ...draft, versions: [{ version: 2, state: 'publishing' }, { version: 1, state: 'published' }] }
const named = (name: string) => actionsOf().find(a => a.name === name)!

it('knows a script whose newest version is being published', () => {
  expect([publishing(draft), publishing(going), publishing({ ...going, version: 3 })]).toEqual([false, true, false])
})
it('does not offer to publish what is being published', () => expect([draft, going].map(s => named('publish').can!(s))).toEqual([true, false]))
it('asks for the name before all versions are deleted', () => expect(named('delete').confirm!(draft).type).toBe('楼盘'))
