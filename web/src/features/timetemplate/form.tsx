import type { Field } from '@/platform/form/field'
import type { HoursRange, TimeTemplateInput } from '@/platform/types'
import { Holidays, Ranges, Weekdays } from './Inputs'
import { wrongRanges } from './hours'

const zones = ['Asia/Shanghai', 'Asia/Urumqi', 'Asia/Hong_Kong', 'Asia/Taipei', 'Asia/Singapore', 'Asia/Tokyo', 'UTC']

export const fields: Field<TimeTemplateInput>[] = [
  { name: 'name', label: 'timetemplate.name', kind: 'text', required: true, max: 60, placeholder: 'timetemplate.namePlaceholder' },
  { name: 'weekdays', label: 'timetemplate.weekdays', kind: 'custom', required: true, input: <Weekdays /> },
  { name: 'ranges', label: 'timetemplate.ranges', kind: 'custom', required: true, help: 'timetemplate.rangesHelp', input: <Ranges />, check: v => wrongRanges(v as HoursRange[]) },
  { name: 'exceptions', label: 'timetemplate.holidays', kind: 'custom', help: 'timetemplate.holidaysHelp', input: <Holidays /> },
  { name: 'zone', label: 'timetemplate.zone', kind: 'choice', required: true, options: zones.map(z => ({ value: z, label: z })) },
]
