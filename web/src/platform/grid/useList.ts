import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import { useNavigationType, useSearchParams } from 'react-router'
import type { PageOf } from '../types'
import { type Layout } from './column'
import { read, write, type Filter, type Values } from './filter'
import { resumed, type Walk } from './walk'

/** ListQuery is what a list asks the server: its filters, sort, cursor and limit, by the server's names. */
export type ListQuery = Record<string, any>

/** useLayout keeps what a person changed about the list called name. */
export function useLayout(name: string): [Layout, (change: Layout) => void] {
  const key = `yd.grid.${name}`
  const [layout, set] = useState<Layout>(() => {
    try { return JSON.parse(localStorage.getItem(key) ?? '{}') as Layout } catch { return {} }
  })
  const change = useCallback((part: Layout) => set(old => {
    const next = { ...old, ...part }
    localStorage.setItem(key, JSON.stringify(next))
    return next
  }), [key])
  return [layout, change]
}

interface ListOptions<T> {
  name: string
  filters: readonly Filter[]
  fixed?: ListQuery
  sort?: string
  limit: number
  load: (q: ListQuery) => Promise<PageOf<T>>
  poll?: number
}

// The pages walked. A list that comes back in the history stands where it was left.
function useWalk(name: string, asked: string) {
  const key = `yd.walk.${name}`
  const back = useNavigationType() === 'POP'
  const [cursors, set] = useState<string[]>(() => (back ? resumed(sessionStorage.getItem(key), asked) : []))
  useEffect(() => { sessionStorage.setItem(key, JSON.stringify({ asked, cursors } satisfies Walk)) }, [key, asked, cursors])
  return [cursors, set] as const
}

/** useList is a list's data: filters and sort live in the address, the pages walked in memory. */
export function useList<T>({ name, filters, fixed, sort: first, limit, load, poll }: ListOptions<T>) {
  const [search, setSearch] = useSearchParams()
  const values = read(filters, search)
  const sort = search.get('sort') ?? first
  const asked: ListQuery = { ...values, ...fixed, ...(sort ? { sort } : {}) }
  const [cursors, setCursors] = useWalk(name, JSON.stringify([asked, limit]))
  const cursor = cursors.at(-1)
  const query = useQuery({
    queryKey: [name, asked, limit, cursor ?? ''],
    queryFn: () => load({ ...asked, limit, ...(cursor ? { cursor } : {}) }),
    placeholderData: keepPreviousData, // the last rows stay while the next ones come
    refetchInterval: poll,
  })
  const { data, isPlaceholderData } = query
  const beyond = !!data && !isPlaceholderData && data.items.length === 0 && cursors.length > 0
  useEffect(() => { if (beyond) setCursors(c => c.slice(0, -1)) }, [beyond, cursors.length]) // the last row of the last page is gone
  const change = useCallback((part: Values) => {
    setCursors([])
    setSearch(old => write(old, part), { replace: true })
  }, [setSearch])
  return {
    query, values, sort, asked, change,
    page: cursors.length,
    next: () => { if (data?.next && !isPlaceholderData) setCursors(c => [...c, data.next]) },
    back: () => setCursors(c => c.slice(0, -1)),
    restart: () => setCursors([]),
  }
}
