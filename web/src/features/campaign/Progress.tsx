import { useTranslation } from 'react-i18next'
import { count, percent } from '@/platform/format'
import { Figure } from '@/platform/Page'
import type { CampaignDetail } from '@/platform/types'
import css from './Campaign.module.css'

/** Progress is how far a campaign is, in numbers that tick in their places. */
export function Progress({ campaign: c }: { campaign: CampaignDetail }) {
  const { t } = useTranslation()
  const { total, called, active, waiting, connected } = c.counts
  const part = (n: number) => `${total ? (n / total) * 100 : 0}%`
  const pace = c.seat_turnaround_ms
  return (
    <section className={`panel ${css.progress}`} aria-label={t('campaign.progress')}>
      <div className={css.big} role="progressbar" aria-valuemin={0} aria-valuemax={total} aria-valuenow={called} aria-label={t('campaign.calledOf', { called: count(called), total: count(total) })}>
        <i data-part="called" style={{ width: part(called) }} /><i data-part="active" style={{ width: part(active) }} />
      </div>
      <div className={css.figures} data-part="figures">
        <Figure label={t('campaign.called')} value={<>{count(called)}<em className={css.of}> / {count(total)}</em></>} note={total ? percent(called / total) : '–'} />
        <Figure label={t('campaign.active')} value={count(active)} note={t('campaign.activeNote', { seats: c.seats })} />
        <Figure label={t('campaign.waiting')} value={count(waiting)} />
        <Figure label={t('campaign.connectRate')} value={called ? percent(c.connect_rate) : '–'} note={t('campaign.connectedNote', { count: connected })} />
        <Figure label={t('campaign.interested')} value={count((c.grades.A ?? 0) + (c.grades.B ?? 0))} note={`A ${c.grades.A ?? 0} · B ${c.grades.B ?? 0}`} />
        {pace && <Figure label={t('campaign.turnaround')} value={<>{count(pace.p95)}<em className={css.of}> ms</em></>} note={t('campaign.turnaroundNote', { p50: count(pace.p50) })} />}
      </div>
    </section>
  )
}
