import type { PageOf, Seat } from '@/platform/types'

const value = { dial_count: (s: Seat) => s.dial_count, valid_until: (s: Seat) => (s.valid_until ? Date.parse(s.valid_until) : Infinity) }

/** sorted puts the seats in the order of a column, '-' before it for the greatest first. The server answers all seats at once and does not sort. */
export function sorted(page: PageOf<Seat>, sort = ''): PageOf<Seat> {
  const of = value[sort.replace('-', '') as keyof typeof value]
  if (!of) return page
  const sign = sort.startsWith('-') ? -1 : 1
  const by = (a: Seat, b: Seat) => (of(a) === of(b) ? 0 : of(a) < of(b) ? -sign : sign)
  return { ...page, items: [...page.items].sort(by) }
}
