import type { Checklist } from '@/platform/types'

type Item = Checklist['items'][number]

/** lacking is how a checklist is shown: all of it while something is missing that calls need, one line about the optional rest, or nothing. */
export function lacking(list: Checklist): { show: 'all' | 'line' | 'none'; items: Item[] } {
  const missing = list.items.filter(i => !i.ok)
  if (!missing.length) return { show: 'none', items: [] }
  return missing.some(i => i.must) ? { show: 'all', items: list.items } : { show: 'line', items: missing }
}
