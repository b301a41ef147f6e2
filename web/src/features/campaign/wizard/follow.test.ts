import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { expect, it } from 'vitest'
import { pause } from './follow'

it.each([[true, false, 500], [true, true, 5000], [false, true, false]])('checking %s, failed %s: %s', (checking, failed, want) => expect(pause(checking, failed)).toBe(want))

it('a second check begins with its own state, not with the verdict of the first', () => {
  const queries = new QueryClient()
  queries.setQueryData(['imports', '9'], { state: 'ready' })
  const follow = new QueryObserver(queries, { queryKey: ['imports', '9'], enabled: false, gcTime: 0 })
  const stop = follow.subscribe(() => {})
  queries.setQueryData(['imports', '9'], { state: 'checking' })
  expect(follow.getCurrentResult().data).toEqual({ state: 'checking' })
  stop()
})
