import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, data } from '@/platform/api'
import { Buttons } from '@/platform/Actions'
import { Bars } from '@/platform/Bars'
import { Scene } from '@/platform/Empty'
import { count, duration, percent } from '@/platform/format'
import { Part } from '@/platform/Loaded'
import { Facts, Figure } from '@/platform/Page'
import { Phone, Time } from '@/platform/Text'
import type { SeatDetail } from '@/platform/types'
import { CampaignLink } from '@/words/CampaignLink'
import { GradeBar } from '@/words/GradeTag'
import { StateTag, useOutcome } from '@/words/StateTag'
import { actions } from './actions'
import { Validity } from './Validity'

/** Detail is the quick look at a seat: what it is, and how its calls went. */
export function Detail({ id }: { id: string }) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['seats', id], queryFn: () => data(api.GET('/seats/{id}', { params: { path: { id } } })) })
  return <Part query={query} rows={10}>{seat => (
    <div className="stack" style={{ gap: 24 }}>
      <div className="row" style={{ justifyContent: 'space-between' }}><StateTag state={seat.state} /><Buttons actions={actions} row={seat} name={seat.name} /></div>
      <Facts items={[
        { label: t('seat.number'), value: <Phone number={seat.number} /> },
        { label: t('seat.validUntil'), value: <Validity seat={seat} /> },
        { label: t('seat.campaign'), value: <CampaignLink campaign={seat.campaign} /> },
        { label: t('seat.created'), value: <Time at={seat.created_at} /> },
      ]} />
      <Stats stats={seat.stats} />
    </div>
  )}</Part>
}

function Stats({ stats }: { stats: SeatDetail['stats'] }) {
  const { t } = useTranslation()
  const outcome = useOutcome()
  if (!stats.dialled) return <Scene compact title={t('seat.unused')} text={t('seat.unusedHint')} />
  const rate = stats.dialled ? stats.connected / stats.dialled : NaN
  return (
    <>
      <div style={{ display: 'grid', gridTemplateColumns: 'repeat(3, 1fr)', gap: 16 }}>
        <Figure label={t('seat.dials')} value={count(stats.dialled)} />
        <Figure label={t('seat.connectRate')} value={percent(rate)} note={t('seat.connected', { count: stats.connected })} />
        <Figure label={t('seat.talk')} value={duration(stats.talk_ms)} />
      </div>
      <section className="stack" style={{ gap: 12 }}><h3>{t('words.grades')}</h3><GradeBar counts={stats.grades} /></section>
      <section className="stack" style={{ gap: 12 }}><h3>{t('seat.outcomes')}</h3>
        <Bars rows={Object.entries(stats.outcomes).sort((a, b) => b[1] - a[1]).map(([k, n]) => ({ label: outcome(k), n }))} /></section>
      <section className="stack" style={{ gap: 12 }}><h3>{t('seat.rounds')}</h3>
        <Bars rows={['0', '1', '2', '3+'].map((n, i) => ({ label: t('seat.roundsOf', { n }), n: stats.rounds[i] ?? 0 }))} /></section>
    </>
  )
}
