import { describe, expect, it } from 'vitest'
import { here, matches, offered, operatorMenu, tenantMenu } from './menu'

const paths = (rights: string[], exists = (_: string) => true) =>
  offered(tenantMenu, r => !r || rights.includes(r), exists).flatMap(g => g.entries.map(e => e.path))

describe('offered', () => {
  it('shows nothing a right is missing for', () => expect(paths(['call:read'])).toEqual(['/calls']))
  it('shows nothing that is not there', () => expect(paths(['call:read', 'dnc:read'], p => p !== '/dnc')).toEqual(['/calls']))
  it('drops a group that became empty', () => expect(offered(operatorMenu, () => false, () => true)).toEqual([]))
})

describe('here', () => {
  it.each([['/', '/'], ['/calls', '/calls'], ['/calls/42', '/calls'], ['/callsigns', undefined], ['/profile', undefined]])('%s', (at, want) => {
    expect(here(tenantMenu, at)?.path).toBe(want)
  })
})

it.each([['话列', '话术列表', true], ['camp', 'Campaigns', true], ['呼话', '话术呼叫', false], ['', 'x', true]])('%s in %s', (typed, label, want) => {
  expect(matches(typed, label)).toBe(want)
})
