import { useTranslation } from 'react-i18next'
import { count } from '@/platform/format'
import type { Column } from '@/platform/grid/column'
import { Ago } from '@/platform/Text'
import type { TimeTemplate } from '@/platform/types'
import { Tag } from '@/words/StateTag'
import { runs } from './hours'

/** Week says 周一至周五、周日. */
export function Week({ days }: { days: readonly number[] }) {
  const { t } = useTranslation()
  if (days.length === 7) return t('timetemplate.everyDay')
  const day = (d: number) => t(`timetemplate.weekday.${d}`)
  return runs(days).map(([a, b]) => (a === b ? day(a) : t('timetemplate.run', { a: day(a), b: day(b) }))).join(t('timetemplate.comma'))
}

function Holidays({ template }: { template: TimeTemplate }) {
  const { t } = useTranslation()
  const n = template.exceptions?.length ?? 0
  return n ? <span>{t('timetemplate.holidayCount', { count: n })}</span> : <span className="quiet">–</span>
}

export const columns: Column<TimeTemplate>[] = [
  { key: 'name', title: 'timetemplate.name', render: x => x.name, primary: true, width: 220 },
  { key: 'weekdays', title: 'timetemplate.weekdays', render: x => <Week days={x.weekdays} />, width: 180 },
  { key: 'ranges', title: 'timetemplate.ranges', render: x => <span className="row">{x.ranges.map(r => <Tag key={r.from}>{r.from}–{r.to}</Tag>)}</span>, width: 280 },
  { key: 'exceptions', title: 'timetemplate.holidays', render: x => <Holidays template={x} />, width: 120 },
  { key: 'zone', title: 'timetemplate.zone', render: x => x.zone, width: 140, hidden: true },
  { key: 'used_by', title: 'timetemplate.usedBy', render: x => count(x.used_by), align: 'right', width: 110 },
  { key: 'created_at', title: 'timetemplate.created', render: x => <Ago at={x.created_at} />, width: 130 },
]
