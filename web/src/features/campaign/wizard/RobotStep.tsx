import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Skeleton } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, data } from '@/platform/api'
import { Scene } from '@/platform/Empty'
import { Failure } from '@/platform/Errors'
import { useCan } from '@/platform/session'
import type { Script, TimeTemplate } from '@/platform/types'
import { Week } from '../../timetemplate/columns'
import { Ask, Cards, type Card } from './parts'
import type { StepProps } from './steps'
import css from './Wizard.module.css'

const Drawer = lazy(() => import('../../timetemplate/Drawer'))

/** Step 2: what the robot says, who calls, and when. */
export function RobotStep(props: StepProps) {
  return <section className={`panel ${css.body}`}><Scripts {...props} /><Seats {...props} /><Hours {...props} /></section>
}

function Scripts({ draft, set, wrong }: StepProps) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['scripts', 'published'], queryFn: () => data(api.GET('/scripts', { params: { query: { state: 'published', limit: 200 } } })) })
  const card = (s: Script): Card => ({ value: s.id, title: s.name, text: s.description, note: `v${s.published_version} · ${t('campaign.nodes', { count: s.nodes })}` })
  const none = <Scene compact title={t('campaign.noScripts')} text={t('campaign.noScriptsHint')} action={<Link to="/scripts"><Button>{t('campaign.toScripts')}</Button></Link>} />
  return (
    <Ask label={t('campaign.script')} error={wrong('script_id')}>
      {query.isError ? <Failure compact error={query.error} retry={() => query.refetch()} /> : !query.data ? <Skeleton active paragraph={{ rows: 2 }} />
        : query.data.items.length ? <Cards name="script" label={t('campaign.script')} cards={query.data.items.map(card)} value={draft.script} choose={script => set({ script })} /> : none}
    </Ask>
  )
}

// Seats that another campaign holds are not offered (FEATURES A3.3).
function Seats({ draft, set, wrong }: StepProps) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['seats', 'free'], queryFn: () => data(api.GET('/seats', { params: { query: { free: true } } })) })
  const free = query.data?.items ?? []
  const all = free.length > 0 && draft.seats.length === free.length
  const turn = (id: string, on: boolean) => set({ seats: on ? [...draft.seats, id] : draft.seats.filter(s => s !== id) })
  return (
    <Ask label={t('campaign.robotSeats')} error={wrong('seat_ids')} help={draft.seats.length ? t('campaign.seatsHelp', { count: draft.seats.length }) : t('campaign.seatsHint')}
      extra={free.length > 0 && <Button type="link" size="small" data-action="all-seats" onClick={() => set({ seats: all ? [] : free.map(s => s.id) })}>{t(all ? 'campaign.noneOfThem' : 'campaign.allOfThem', { count: free.length })}</Button>}>
      {query.isError ? <Failure compact error={query.error} retry={() => query.refetch()} /> : !query.data ? <Skeleton active paragraph={{ rows: 1 }} />
        : free.length ? <div className={css.seats}>{free.map(s => (
          <Checkbox key={s.id} className={css.seat} checked={draft.seats.includes(s.id)} onChange={e => turn(s.id, e.target.checked)}>
            {s.name || s.number}<small className="num">{s.number}</small>
          </Checkbox>
        ))}</div> : <Scene compact title={t('campaign.noSeats')} text={t('campaign.noSeatsHint')} action={<Link to="/seats"><Button>{t('campaign.toSeats')}</Button></Link>} />}
    </Ask>
  )
}

function Hours({ draft, set, wrong }: StepProps) {
  const { t } = useTranslation()
  const can = useCan()
  const [making, setMaking] = useState(false)
  const query = useQuery({ queryKey: ['time-templates', 'choices'], queryFn: () => data(api.GET('/time-templates')) })
  const card = (x: TimeTemplate): Card => ({ value: x.id, title: x.name, text: <><Week days={x.weekdays} /> · {x.ranges.map(r => `${r.from}–${r.to}`).join(', ')}</> })
  return (
    <Ask label={t('campaign.template')} error={wrong('template_id')} help={t('campaign.hoursHelp')}
      extra={can('template:write') && <Button type="link" size="small" icon={<PlusOutlined />} onClick={() => setMaking(true)}>{t('timetemplate.create')}</Button>}>
      {query.isError ? <Failure compact error={query.error} retry={() => query.refetch()} /> : !query.data ? <Skeleton active paragraph={{ rows: 1 }} />
        : query.data.items.length ? <Cards name="template" label={t('campaign.template')} cards={query.data.items.map(card)} value={draft.template} choose={template => set({ template })} />
        : <Scene compact title={t('campaign.noTemplates')} text={t('campaign.noTemplatesHint')} />}
      <Suspense>{making && <Drawer open close={() => setMaking(false)} saved={x => set({ template: x.id })} />}</Suspense>
    </Ask>
  )
}
