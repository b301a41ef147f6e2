import { expect, it } from 'vitest'
import { allowed, type Action } from './action'

const actions: Action<{ state: string }>[] = [
  { name: 'open', label: 'x', run: () => {} },
  { name: 'start', label: 'x', right: 'campaign:run', can: r => r.state === 'paused', run: () => {} },
  { name: 'delete', label: 'x', right: 'campaign:write', run: () => {} },
]
const names = (state: string, ...rights: string[]) => allowed(actions, { state }, r => !r || rights.includes(r)).map(a => a.name)

it('offers what both the right and the state allow', () => {
  expect(names('paused', 'campaign:run')).toEqual(['open', 'start'])
  expect(names('running', 'campaign:run')).toEqual(['open'])
  expect(names('paused')).toEqual(['open'])
  expect(names('paused', 'campaign:run', 'campaign:write')).toEqual(['open', 'start', 'delete'])
})
