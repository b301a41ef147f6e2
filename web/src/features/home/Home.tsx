import { useQuery } from '@tanstack/react-query'
import { Button, Input, Segmented } from 'antd'
import dayjs from 'dayjs'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { api, data } from '@/platform/api'
import { useCalm } from '@/platform/calm'
import { Failure } from '@/platform/Errors'
import { useLive } from '@/platform/live'
import { Page } from '@/platform/Page'
import { date } from '@/platform/format'
import { useCan, useMe, useZone } from '@/platform/session'
import { exists } from '@/routes'
import { Checklist } from './Checklist'
import css from './Home.module.css'
import { preset, range, type Range } from './range'
import { Summary, SummaryBones } from './Summary'

const Days = lazy(() => import('@/platform/Days'))

/** 首页: what is missing before the first call (A1), how things stand, and how the calls went (A2). */
export default function Home() {
  const { t } = useTranslation()
  const me = useMe()
  const can = useCan()
  const [search, setSearch] = useSearchParams()
  const today = dayjs(date(Date.now(), useZone()))
  const days = range(search.get('from'), search.get('to'), today)
  const set = (d: Range) => setSearch({ from: d.from, to: d.to }, { replace: true })
  const summary = useQuery({ queryKey: ['summary', days], queryFn: () => data(api.GET('/home/summary', { params: { query: days } })), placeholderData: old => old, refetchInterval: 30_000 })
  const again = useCalm(() => void summary.refetch(), 4000)
  useLive('call', e => { if (e.state === 'ended') again() })
  const create = can('campaign:write') && exists('/campaigns/new') && <Link to="/campaigns/new"><Button type="primary">{t('home.newCampaign')}</Button></Link>
  return (
    <Page title={t('home.hello', { name: me.user.name })} name={t('frame.menu.home')} about={t('home.about')} primary={create}>
      <Checklist />
      <div className={css.range}>
        <h2>{t('home.dialling')}</h2>
        <span className="grow" />
        <Presets days={days} set={set} now={today} />
        <Suspense fallback={<Input disabled style={{ width: 250 }} />}><Days required label={t('home.range')} from={days.from} to={days.to} change={set} /></Suspense>
      </div>
      {summary.data ? <Summary summary={summary.data} stale={summary.isPlaceholderData} next={create} />
        : summary.isError ? <div className="panel"><Failure error={summary.error} retry={() => summary.refetch()} /></div> : <SummaryBones />}
    </Page>
  )
}

function Presets({ days, set, now }: { days: Range; set: (d: Range) => void; now: dayjs.Dayjs }) {
  const { t } = useTranslation()
  const choices = [['1', 'platform.today'], ['7', 'platform.last7'], ['30', 'platform.last30']] as const
  const on = choices.find(([n]) => { const p = preset(Number(n), now); return p.from === days.from && p.to === days.to })
  return <Segmented value={on?.[0] ?? ''} onChange={n => set(preset(Number(n), now))} options={choices.map(([value, key]) => ({ value, label: t(key) }))} aria-label={t('home.range')} />
}
