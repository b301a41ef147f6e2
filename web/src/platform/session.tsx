import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { createContext, useContext, type ReactNode } from 'react'
import { api, data } from './api'
import { asProblem } from './problem'
import type { Me } from './types'

const Person = createContext<Me | null>(null)

/** whoAmI asks the server who is logged in; null when nobody is. Other failures are thrown. */
async function whoAmI(): Promise<Me | null> {
  try {
    return await data(api.GET('/me'))
  } catch (e) {
    if (asProblem(e).status === 401) return null
    throw e
  }
}

/** useSession is the login as server state: it is fetched, cached and refreshed like anything else. */
export function useSession() {
  return useQuery({ queryKey: ['me'], queryFn: whoAmI, staleTime: 60_000, retry: (n, e) => asProblem(e).offline && n < 3 })
}

/** Signed gives everything below it the person who is logged in. */
export function Signed({ me, children }: { me: Me; children: ReactNode }) {
  return <Person.Provider value={me}>{children}</Person.Provider>
}

/** useMe is the person who is logged in. Only below Signed. */
export function useMe(): Me {
  const me = useContext(Person)
  if (!me) throw new Error('useMe outside of Signed')
  return me
}

/** useCan says whether the person holds a right; no right named means everyone may. */
export function useCan(): (right?: string) => boolean {
  const me = useContext(Person)
  return right => !right || !!me?.rights.includes(right)
}

/** useZone is the zone in which times are shown: the tenant's. */
export function useZone(): string {
  return useContext(Person)?.tenant?.zone || 'Asia/Shanghai'
}

/** become makes me the person of this console, or nobody: every answer given to someone else is forgotten. */
export function become(queries: QueryClient, me: Me | null) {
  queries.removeQueries({ predicate: q => q.queryKey[0] !== 'me' }) // the frame watches 'me' itself: that one must stay to be told
  queries.setQueryData(['me'], me)
}

/** useSignOut forgets the session here and on the server, and every cached answer with it. */
export function useSignOut() {
  const queries = useQueryClient()
  return async () => {
    await api.POST('/auth/logout').catch(() => {}) // the server may have forgotten us already
    sessionStorage.clear() // a draft, pages walked: nothing of this person stays in the tab
    become(queries, null)
  }
}
