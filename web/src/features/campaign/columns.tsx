import { useTranslation } from 'react-i18next'
import { count, percent } from '@/platform/format'
import type { Column } from '@/platform/grid/column'
import { Ago } from '@/platform/Text'
import type { Campaign } from '@/platform/types'
import { GradeBar } from '@/words/GradeTag'
import { StateTag } from '@/words/StateTag'
import css from './Campaign.module.css'

/** Done is how much of a campaign is called: a bar, and called of total. */
export function Done({ campaign: c }: { campaign: Pick<Campaign, 'counts' | 'state'> }) {
  const { t } = useTranslation()
  const { called, total } = c.counts
  const share = total ? called / total : 0
  return (
    <div className={css.done}>
      <div className={css.track} data-state={c.state} role="img" aria-label={t('campaign.calledOf', { called: count(called), total: count(total) })}><i style={{ width: `${share * 100}%` }} /></div>
      <span className="num">{count(called)} / {count(total)}</span>
    </div>
  )
}

/** State is the campaign's state; one that runs but cannot call now says why on hover and to screen readers. */
export function State({ campaign: c }: { campaign: Pick<Campaign, 'state' | 'why_waiting'> }) {
  return <div><StateTag state={c.state} />{c.state === 'running' && c.why_waiting && <small className={css.waiting}>{c.why_waiting.text}</small>}</div>
}

export const columns: Column<Campaign>[] = [
  { key: 'name', title: 'campaign.name', render: c => c.name, primary: true, width: 180 },
  { key: 'state', title: 'campaign.state', render: c => <State campaign={c} />, width: 110 },
  { key: 'done', title: 'campaign.progress', render: c => <Done campaign={c} />, width: 120 },
  { key: 'connect_rate', title: 'campaign.connectRate', render: c => <span className="num">{c.counts.called ? percent(c.connect_rate) : '–'}</span>, align: 'right', width: 84 },
  { key: 'grades', title: 'campaign.grades', render: c => <GradeBar slim counts={c.grades} />, width: 110 },
  { key: 'seats', title: 'campaign.seats', render: c => <span className="num">{c.seats}</span>, align: 'right', width: 72 },
  { key: 'script', title: 'campaign.script', render: c => <div className={css.name}>{c.script.name}</div>, width: 130 },
  { key: 'template', title: 'campaign.template', render: c => c.template?.name ?? '–', width: 140, hidden: true },
  { key: 'created_by', title: 'campaign.createdBy', render: c => c.created_by?.name ?? '–', width: 100, hidden: true },
  { key: 'created_at', title: 'campaign.created', render: c => <Ago at={c.created_at} />, width: 100 },
]
