import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox } from 'antd'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, data } from '@/platform/api'
import { Scene } from '@/platform/Empty'
import { Part } from '@/platform/Loaded'
import { useCan } from '@/platform/session'
import type { Script, TimeTemplate } from '@/platform/types'
import { usePublished } from '../../script/usePublished'
import { Week } from '../../timetemplate/columns'
import { useTemplates } from '../../timetemplate/useTemplates'
import { stillFree } from './draft'
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
  const card = (s: Script): Card => ({ value: s.id, title: s.name, text: s.description, note: `v${s.published_version} · ${t('campaign.nodes', { count: s.nodes })}` })
  const none = <Scene compact title={t('campaign.noScripts')} text={t('campaign.noScriptsHint')} action={<Link to="/scripts"><Button>{t('campaign.toScripts')}</Button></Link>} />
  return (
    <Ask label={t('campaign.script')} error={wrong('script_id')}>
      <Part compact rows={2} query={usePublished()}>{({ items }) => (items.length ? <Cards name="script" label={t('campaign.script')} cards={items.map(card)} value={draft.script} choose={script => set({ script })} /> : none)}</Part>
    </Ask>
  )
}

// Seats that another campaign holds are not offered (FEATURES A3.3); one that was taken meanwhile is not kept chosen unseen.
function Seats({ draft, set, wrong }: StepProps) {
  const { t } = useTranslation()
  const [taken, setTaken] = useState(0)
  const query = useQuery({ queryKey: ['seats', 'free'], queryFn: () => data(api.GET('/seats', { params: { query: { free: true } } })), refetchInterval: 15_000 })
  const free = query.data?.items ?? []
  const all = free.length > 0 && draft.seats.length === free.length
  const choose = (seats: string[]) => { setTaken(0); set({ seats }) }
  useEffect(() => {
    if (!query.data || query.isFetching) return
    const still = stillFree(draft.seats, query.data.items)
    if (still === draft.seats) return
    setTaken(draft.seats.length - still.length)
    set({ seats: still })
  }, [query.dataUpdatedAt, query.isFetching])
  return (
    <Ask label={t('campaign.robotSeats')} error={wrong('seat_ids')} help={draft.seats.length ? t('campaign.seatsHelp', { count: draft.seats.length }) : t('campaign.seatsHint')}
      extra={free.length > 0 && <Button type="link" size="small" data-action="all-seats" onClick={() => choose(all ? [] : free.map(s => s.id))}>{t(all ? 'campaign.noneOfThem' : 'campaign.allOfThem', { count: free.length })}</Button>}>
      {taken > 0 && <p className={css.told} role="status">{t('campaign.seatsTaken', { count: taken })}</p>}
      <Part compact rows={1} query={query}>{({ items }) => (items.length ? <div className={css.seats}>{items.map(s => (
        <Checkbox key={s.id} className={css.seat} checked={draft.seats.includes(s.id)} onChange={e => choose(e.target.checked ? [...draft.seats, s.id] : draft.seats.filter(x => x !== s.id))}>
          {s.name || s.number}<small className="num">{s.number}</small>
        </Checkbox>
      ))}</div> : <Scene compact title={t('campaign.noSeats')} text={t('campaign.noSeatsHint')} action={<Link to="/seats"><Button>{t('campaign.toSeats')}</Button></Link>} />)}</Part>
    </Ask>
  )
}

function Hours({ draft, set, wrong }: StepProps) {
  const { t } = useTranslation()
  const can = useCan()
  const [making, setMaking] = useState(false)
  const card = (x: TimeTemplate): Card => ({ value: x.id, title: x.name, text: <><Week days={x.weekdays} /> · {x.ranges.map(r => `${r.from}–${r.to}`).join(', ')}</> })
  return (
    <Ask label={t('campaign.template')} error={wrong('template_id')} help={t('campaign.hoursHelp')}
      extra={can('template:write') && <Button type="link" size="small" icon={<PlusOutlined />} onClick={() => setMaking(true)}>{t('timetemplate.create')}</Button>}>
      <Part compact rows={1} query={useTemplates()}>{({ items }) => (items.length
        ? <Cards name="template" label={t('campaign.template')} cards={items.map(card)} value={draft.template} choose={template => set({ template })} />
        : <Scene compact title={t('campaign.noTemplates')} text={t('campaign.noTemplatesHint')} />)}</Part>
      <Suspense>{making && <Drawer open close={() => setMaking(false)} saved={x => set({ template: x.id })} />}</Suspense>
    </Ask>
  )
}
