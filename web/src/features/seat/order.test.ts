import { expect, it } from 'vitest'
import type { PageOf, Seat } from '@/platform/types'
import { sorted } from './order'

const seat = (id: string, dial_count: number, valid_until: string | null) => ({ id, dial_count, valid_until }) as Seat
const page: PageOf<Seat> = { items: [seat('a', 5, '2027-01-01T00:00:00Z'), seat('b', 9, null), seat('c', 1, '2026-12-01T00:00:00Z')], next: '', total: 3, total_capped: false }

it.each([
  ['dial_count', 'cab'], ['-dial_count', 'bac'], ['valid_until', 'cab'], ['-valid_until', 'bac'], ['', 'abc'], [undefined, 'abc'], ['toString', 'abc'],
])('by %s: %s', (sort, want) => expect(sorted(page, sort).items.map(s => s.id).join('')).toBe(want))
