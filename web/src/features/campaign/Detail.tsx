import { ClockCircleOutlined } from '@ant-design/icons'
import { Skeleton } from 'antd'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams } from 'react-router'
import { Buttons } from '@/platform/Actions'
import { count } from '@/platform/format'
import { Loaded } from '@/platform/Loaded'
import { Facts, Page } from '@/platform/Page'
import { useCan } from '@/platform/session'
import { Tabs, type Tab } from '@/platform/Tabs'
import { Time, When } from '@/platform/Text'
import type { CampaignDetail } from '@/platform/types'
import { StateTag } from '@/words/StateTag'
import css from './Campaign.module.css'
import { Overview } from './Overview'
import { Progress } from './Progress'
import { useCampaign } from './useCampaign'
import { useCampaignActions } from './useCampaignActions'

// The other tabs come when they are opened.
const CallGrid = lazy(() => import('../call/CallGrid').then(m => ({ default: m.CallGrid })))
const Leads = lazy(() => import('./Leads').then(m => ({ default: m.Leads })))
const Rules = lazy(() => import('./Rules').then(m => ({ default: m.Rules })))
const Log = lazy(() => import('./Log').then(m => ({ default: m.Log })))

/** One campaign, live (FEATURES A3.4 to A3.6). */
export default function Detail() {
  const { t } = useTranslation()
  const { id = '' } = useParams()
  const query = useCampaign(id)
  const crumbs = [{ label: t('campaign.title'), to: '/campaigns' }]
  return <Loaded query={query} name={t('campaign.one')} crumbs={crumbs}>{c => <Body key={id} campaign={c} crumbs={crumbs} />}</Loaded>
}

function Body({ campaign: c, crumbs }: { campaign: CampaignDetail; crumbs: { label: string; to: string }[] }) {
  const { t } = useTranslation()
  const can = useCan()
  const go = useNavigate()
  const { actions, drawers } = useCampaignActions(() => go('/campaigns'))
  const tabs: Tab[] = [
    { key: 'live', label: t('campaign.tab.live'), body: <Overview campaign={c} /> },
    ...(can('call:read') ? [{ key: 'calls', label: t('campaign.tab.calls'), body: <CallGrid campaign={c.id} /> }] : []),
    { key: 'leads', label: t('campaign.tab.leads'), badge: count(c.counts.total), body: <Leads campaign={c.id} live={c.state === 'running' || c.counts.active > 0} /> },
    { key: 'rules', label: t('campaign.tab.rules'), body: <Rules campaign={c} /> },
    { key: 'log', label: t('campaign.tab.log'), body: <Log campaign={c.id} /> },
  ]
  return (
    <Page title={c.name} crumbs={crumbs} state={<StateTag state={c.state} />} primary={<Buttons actions={actions} row={c} name={c.name} shown={1} />}>
      {c.state === 'running' && c.why_waiting && <p className={css.why} role="status"><ClockCircleOutlined />{c.why_waiting.text}</p>}
      {c.state === 'not_started' && c.start_at && <p className={css.why} role="status"><ClockCircleOutlined />{t('campaign.startsAt')} <Time at={c.start_at} /></p>}
      <Progress campaign={c} />
      <Facts items={[
        { label: t('campaign.script'), value: can('script:read') ? <Link to={`/scripts/${c.script.id}`}>{c.script.name} v{c.script.version}</Link> : c.script.name },
        { label: t('campaign.seats'), value: t('campaign.seatCount', { count: c.seats }) }, { label: t('campaign.template'), value: c.template?.name ?? '–' },
        { label: t('campaign.created'), value: <>{c.created_by?.name} <When at={c.created_at} /></> },
        ...(c.started_at ? [{ label: t('campaign.startedAt'), value: <When at={c.started_at} /> }] : []), ...(c.ended_at ? [{ label: t('campaign.endedAt'), value: <When at={c.ended_at} /> }] : []),
      ]} />
      <Suspense fallback={<Skeleton active paragraph={{ rows: 8 }} />}><Tabs items={tabs} label={c.name} /></Suspense>
      {drawers}
    </Page>
  )
}
