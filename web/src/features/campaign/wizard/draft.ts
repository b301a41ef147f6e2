import type { CampaignInput, Grade, Import } from '@/platform/types'

// What is being put together in the wizard, and when it is complete. Pure.

export type Start = 'now' | 'later' | 'manual'
export type Mode = 'each' | 'round_robin' | 'owner'

export interface Draft {
  name: string
  list: Import | null                          // the uploaded file, as the server sees it
  script: string
  seats: string[]
  template: string
  keyword: string | null                       // SMS template; null is off
  screening: { template: string; grades: Grade[] }[]
  push: { grades: Grade[]; reps: string[]; mode: Mode } | null
  gate: { keywords: string[]; min_keywords: number; min_talk_s: number; min_rounds: number } | null
  start: Start
  at: string                                   // 2026-11-22 09:30 on the tenant's clock
}

export const blank: Draft = { name: '', list: null, script: '', seats: [], template: '', keyword: null, screening: [], push: null, gate: null, start: 'now', at: '' }

export const steps = ['leads', 'robot', 'after', 'start'] as const
export type Step = (typeof steps)[number]

/** Wrong is a field and the key of what is wrong with it. */
export type Wrong = Partial<Record<Field, string>>

// Which step a field of the server stands on.
const at = {
  name: 'leads', import_id: 'leads', script_id: 'robot', seat_ids: 'robot', template_id: 'robot',
  keyword_sms: 'after', screening_sms: 'after', push: 'after', gate: 'after', start: 'start', start_at: 'start',
} as const satisfies Record<string, Step>
export type Field = keyof typeof at
export const fieldNames = Object.keys(at) as Field[]

/** stepOf is where a field is filled in. */
export function stepOf(field: Field): Step { return at[field] }

/** wrong is everything that keeps a draft from being a campaign. */
export function wrong(d: Draft): Wrong {
  const all: [Field, boolean, string][] = [
    ['name', !d.name.trim(), 'campaign.need.name'],
    ['import_id', !d.list || d.list.state !== 'ready', 'campaign.need.list'],
    ['import_id', d.list?.state === 'ready' && d.list.accepted === 0, 'campaign.need.leads'],
    ['script_id', !d.script, 'campaign.need.script'],
    ['seat_ids', !d.seats.length, 'campaign.need.seats'],
    ['template_id', !d.template, 'campaign.need.template'],
    ['keyword_sms', d.keyword === '', 'campaign.need.sms'],
    ['screening_sms', d.screening.some(s => !s.template || !s.grades.length), 'campaign.need.screening'],
    ['push', !!d.push && !d.push.grades.length, 'campaign.need.grades'],
    ['push', !!d.push && d.push.mode !== 'owner' && !d.push.reps.length, 'campaign.need.reps'],
    ['gate', !!d.gate && !d.gate.min_keywords && !d.gate.min_talk_s && !d.gate.min_rounds, 'campaign.need.gate'],
    ['start_at', d.start === 'later' && !d.at, 'campaign.need.at'],
  ]
  const out: Wrong = {}
  for (const [field, bad, key] of all) if (bad) out[field] ??= key
  return out
}

/** stillFree leaves out the chosen seats that are not free any more; the same list comes back where all are. */
export function stillFree(chosen: string[], free: readonly { id: string }[]): string[] {
  const ids = new Set(free.map(s => s.id))
  return chosen.every(id => ids.has(id)) ? chosen : chosen.filter(id => ids.has(id))
}

/** firstWrong is the first step on which something is wrong. */
export function firstWrong(fields: readonly Field[]): Step | undefined {
  return steps.find(s => fields.some(f => at[f] === s))
}

/** body is what the server is sent for a complete draft. */
export function body(d: Draft, zone: string): CampaignInput {
  return {
    name: d.name.trim(), import_id: d.list!.id, script_id: d.script, seat_ids: d.seats, template_id: d.template, start: d.start,
    ...(d.start === 'later' ? { start_at: instant(d.at, zone) } : {}),
    ...(d.keyword ? { keyword_sms: { template_id: d.keyword } } : {}),
    ...(d.screening.length ? { screening_sms: d.screening.map(s => ({ template_id: s.template, grades: s.grades })) } : {}),
    ...(d.push ? { push: { grades: d.push.grades, rep_ids: d.push.reps, mode: d.push.mode } } : {}),
    ...(d.gate ? { gate: d.gate } : {}),
  }
}

/** instant is the moment at which a zone's clocks show wall (2026-11-22 09:30). */
export function instant(wall: string, zone: string): string {
  const shown = Date.parse(wall.replace(' ', 'T') + ':00Z')
  const near = shown - ahead(shown, zone)
  return new Date(shown - ahead(near, zone)).toISOString() // the second look is right beside a change of clocks too
}

// How many ms a zone's clock is ahead of UTC at a moment.
function ahead(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' }).formatToParts(at)
  const n = (type: string) => Number(parts.find(p => p.type === type)!.value)
  return Date.UTC(n('year'), n('month') - 1, n('day'), n('hour'), n('minute'), n('second')) - Math.floor(at / 1000) * 1000
}
