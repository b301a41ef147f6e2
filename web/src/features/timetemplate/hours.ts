import type { HoursRange, TimeTemplate, TimeTemplateInput } from '@/platform/types'

/** The legal window (FEATURES A9.1): whatever a template says, nobody is called outside of it. */
export const legal: HoursRange = { from: '08:00', to: '21:00' }

export const workdays = [1, 2, 3, 4, 5]

export const fresh: TimeTemplateInput = {
  name: '', zone: 'Asia/Shanghai', weekdays: workdays, ranges: [{ from: '09:00', to: '12:00' }, { from: '14:00', to: '20:00' }], exceptions: [],
}

/** input is what of a template can be edited. */
export function input({ name, zone, weekdays, ranges, exceptions }: TimeTemplate): TimeTemplateInput {
  return { name, zone, weekdays, ranges, exceptions: exceptions ?? [] }
}

/** wrongRanges is the key of what is wrong with a day's ranges, undefined when they can be used. */
export function wrongRanges(ranges: readonly HoursRange[]): string | undefined {
  if (ranges.some(r => !r.from || !r.to)) return 'timetemplate.wrong.blank'
  if (ranges.some(r => r.from >= r.to)) return 'timetemplate.wrong.backwards'
  const sorted = [...ranges].sort((a, b) => a.from.localeCompare(b.from))
  if (sorted.some((r, i) => i > 0 && r.from < sorted[i - 1]!.to)) return 'timetemplate.wrong.overlap'
  return undefined
}

/** beyondLaw says whether some of the ranges lies outside the legal window and will not be used. */
export function beyondLaw(ranges: readonly HoursRange[]): boolean {
  return ranges.some(r => (r.from && r.from < legal.from) || (r.to && r.to > legal.to))
}

/** runs joins weekdays as runs: [1,2,3,4,5,7] → [[1,5],[7,7]]. */
export function runs(weekdays: readonly number[]): [number, number][] {
  const out: [number, number][] = []
  for (const d of [...weekdays].sort()) {
    const last = out.at(-1)
    if (last && last[1] === d - 1) last[1] = d
    else out.push([d, d])
  }
  return out
}
