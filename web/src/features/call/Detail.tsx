import { PhoneOutlined, UserAddOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { Loaded } from '@/platform/Loaded'
import { Facts, Page, Panel } from '@/platform/Page'
import { Player } from '@/platform/Player'
import { useCan } from '@/platform/session'
import { Duration, Phone, When } from '@/platform/Text'
import type { CallDetail } from '@/platform/types'
import { CampaignLink } from '@/words/CampaignLink'
import { GradeTag } from '@/words/GradeTag'
import { StateTag } from '@/words/StateTag'
import css from './Call.module.css'
import { nameOf, Owner, Result } from './columns'
import { Path, Promises, Timeline } from './Course'
import { More } from './More'
import { useCall } from './useCall'
import { Why } from './Why'

const Assign = lazy(() => import('./AssignCalls'))

/** One call: its grade and why, the recording with the talk, the way through the script, what was promised (FEATURES A3.7). Also the rep's page on a phone (A8.1). */
export default function Detail() {
  const { t } = useTranslation()
  const { id = '' } = useParams()
  const query = useCall(id)
  const crumbs = [{ label: t('call.title'), to: '/calls' }]
  return <Loaded query={query} name={t('call.one')} crumbs={crumbs} rows={14}>{call => <Body key={id} call={call} crumbs={crumbs} />}</Loaded>
}

function Body({ call, crumbs }: { call: CallDetail; crumbs: { label: string; to: string }[] }) {
  const { t } = useTranslation()
  const [at, setAt] = useState<number | null>(null)
  // The player jumps when the number changes: a hair's difference lets the same place be asked for twice.
  const seek = (ms: number) => setAt(old => (old === ms ? ms + 0.01 : ms))
  return (
    <Page title={nameOf(call)} crumbs={crumbs} state={<>{call.grade ? <GradeTag grade={call.grade} named /> : <StateTag state={call.ended_at ? 'ended' : 'talking'} />}</>} primary={<Buttons call={call} />}>
      <Facts items={withVars(call, [
        { label: t('call.number'), value: <Phone number={call.number} /> }, { label: t('call.outcome'), value: <Result call={call} /> },
        { label: t('call.talk'), value: <Duration ms={call.talk_ms} /> }, { label: t('call.rounds'), value: call.rounds },
        { label: t('call.at'), value: <When at={call.started_at} /> }, { label: t('call.seat'), value: call.seat || '–' },
        { label: t('call.campaign'), value: <CampaignLink campaign={call.campaign} /> }, { label: t('call.script'), value: <Script call={call} /> }, { label: t('call.owner'), value: <Owner to={call.assigned_to} /> },
      ])} />
      <div className={css.columns}>
        <div className={css.reasonPlace}><Panel title={t('call.why')}><Why call={call} seek={call.recording ? seek : undefined} /></Panel></div>
        <div className={css.talkPlace}><Panel title={t('call.talkTitle')}><Player call={call.id} recording={call.recording} turns={call.transcript} seek={at} whole /></Panel></div>
        <div className={css.sidePlace}>
          <Path steps={call.path} seek={call.recording ? seek : undefined} />
          <Promises promises={call.promises} />
          <Timeline marks={call.timeline} />
          <More call={call} />
        </div>
      </div>
    </Page>
  )
}

type Fact = { label: string; value: ReactNode }

// The customer's own columns of the list stand behind the call's facts; the name is the title already.
function withVars(call: CallDetail, facts: Fact[]): Fact[] {
  const own = Object.entries(call.vars).filter(([k, v]) => k !== 'name' && v && v !== call.name && !facts.some(f => f.label === k))
  return [...facts, ...own.map(([label, value]) => ({ label, value }))]
}

function Script({ call }: { call: CallDetail }) {
  const can = useCan()
  if (!call.script) return '–'
  const words = `${call.script.name} v${call.script.version}`
  return can('script:read') ? <Link to={`/scripts/${call.script.id}`}>{words}</Link> : words
}

// Calling back needs the whole number: a masked one cannot be dialled.
function Buttons({ call }: { call: CallDetail }) {
  const { t } = useTranslation()
  const can = useCan()
  const [giving, setGiving] = useState(false)
  const whole = /^\+?[\d\s-]{5,}$/.test(call.number)
  return (
    <>
      {can('customer:read') && call.customer_id !== '0' && <Link to={`/customers/${call.customer_id}`}><Button>{t('call.customer')}</Button></Link>}
      {can('customer:assign') && !call.assigned_to && <Button icon={<UserAddOutlined />} onClick={() => setGiving(true)} data-action="assign">{t('call.assign')}</Button>}
      {whole && <Button type="primary" icon={<PhoneOutlined />} href={`tel:${call.number.replace(/[^\d+]/g, '')}`}>{t('call.callBack')}</Button>}
      <Suspense>{giving && <Assign calls={[call]} done={() => {}} close={() => setGiving(false)} />}</Suspense>
    </>
  )
}
