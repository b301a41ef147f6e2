import type { Dayjs } from 'dayjs'

/** Range is a first and a last day, both included, as YYYY-MM-DD. */
export interface Range { from: string; to: string }

/** preset is the last n days up to and with today. */
export function preset(n: number, now: Dayjs): Range {
  return { from: now.subtract(n - 1, 'day').format('YYYY-MM-DD'), to: now.format('YYYY-MM-DD') }
}

const day = /^\d{4}-\d\d-\d\d$/

/** range reads the address; anything that is no proper range is the last seven days. */
export function range(from: string | null, to: string | null, now: Dayjs): Range {
  return from && to && day.test(from) && day.test(to) && from <= to ? { from, to } : preset(7, now)
}
