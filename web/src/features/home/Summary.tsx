import { Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Chart } from '@/platform/Chart'
import { Scene } from '@/platform/Empty'
import { count, duration, percent } from '@/platform/format'
import { Figure, Panel } from '@/platform/Page'
import { gradeColor } from '@/platform/tokens'
import { grades, type Summary as Sums } from '@/platform/types'
import { GradeBar } from '@/words/GradeTag'
import { StateTag } from '@/words/StateTag'
import css from './Home.module.css'

const campaignStates = ['not_started', 'running', 'paused', 'terminated', 'completed'] as const
const seatStates = ['idle', 'in_service', 'disabled', 'expired'] as const

/** Summary is the numbers of a range of days and how seats and campaigns stand now. */
export function Summary({ summary: s, stale, next }: { summary: Sums; stale: boolean; next?: ReactNode }) {
  const { t } = useTranslation()
  const talked = s.dials.dialled > 0
  return (
    <div className={css.summary} data-stale={stale} aria-busy={stale}>
      <div className={`panel ${css.figures}`}>
        <Figure label={t('home.dialled')} value={count(s.dials.dialled)} note={t('home.dialledNote')} />
        <Figure label={t('home.connected')} value={count(s.dials.connected)} note={t('home.connectedNote')} />
        <Figure label={t('home.rate')} value={talked ? percent(s.dials.connect_rate) : '–'} note={t('home.rateNote')} />
        <Figure label={t('home.talk')} value={duration(s.dials.talk_ms)} note={t('home.talkNote', { avg: duration(s.dials.avg_talk_ms) })} />
        <Figure label={t('home.interested')} value={count((s.grades.A ?? 0) + (s.grades.B ?? 0))} note={t('home.interestedNote', { a: count(s.grades.A ?? 0), b: count(s.grades.B ?? 0) })} />
      </div>
      <div className={css.columns}>
        <Panel title={t('words.grades')} extra={<span className="quiet">{t('home.perCall')}</span>}><GradeBar counts={s.grades} /></Panel>
        <Panel title={t('home.now')}><Standing s={s} /></Panel>
      </div>
      {talked ? <Charts s={s} /> : <div className="panel"><Scene title={t('home.quiet')} text={t('home.quietHint')} action={next} /></div>}
    </div>
  )
}

function Standing({ s }: { s: Sums }) {
  const { t } = useTranslation()
  const row = (to: string, label: string, states: readonly string[], counts: Record<string, number>) => (
    <div className={css.standing}>
      <Link to={to}>{label}</Link>
      <ul>{states.map(state => <li key={state}><Link to={`${to}?state=${state}`}><StateTag state={state} /> <b className="num">{counts[state] ?? 0}</b></Link></li>)}</ul>
    </div>
  )
  return <>{row('/campaigns', t('frame.menu.campaigns'), campaignStates, s.campaigns)}{row('/seats', t('frame.menu.seats'), seatStates, s.seats)}</>
}

function Charts({ s }: { s: Sums }) {
  const { t } = useTranslation()
  const day = (d: string) => d.slice(5)
  const calls = (list: { dialled: number; connected: number }[]) => [
    { name: t('home.dialled'), values: list.map(d => d.dialled) }, { name: t('home.connected'), values: list.map(d => d.connected) },
  ]
  return (
    <div className={css.charts}>
      <Chart title={t('home.byDay')} unit={t('home.callsUnit')} series={{ over: t('home.day'), names: s.days.map(d => day(d.day)), lines: calls(s.days) }} />
      <Chart title={t('home.gradesByDay')} unit={t('home.callsUnit')} kind="stack" series={{
        over: t('home.day'), names: s.days.map(d => day(d.day)), lines: grades.map(g => ({ name: g, color: gradeColor[g], values: s.days.map(d => d.grades[g] ?? 0) })),
      }} />
      <Chart title={t('home.byHour')} unit={t('home.callsUnit')} kind="line" series={{ over: t('home.hour'), names: s.hours.map(h => `${h.hour}:00`), lines: calls(s.hours) }} />
    </div>
  )
}

/** SummaryBones stands where the numbers will be. */
export function SummaryBones() {
  return (
    <div className={css.summary} aria-busy="true">
      <div className={`panel ${css.figures}`}>{[0, 1, 2, 3, 4].map(i => <Skeleton key={i} active title={{ width: '50%' }} paragraph={{ rows: 1, width: '80%' }} />)}</div>
      <div className={css.columns}>{[0, 1].map(i => <div key={i} className="panel pad"><Skeleton active paragraph={{ rows: 3 }} /></div>)}</div>
      <div className={css.charts}>{[0, 1].map(i => <div key={i} className="panel pad"><Skeleton active paragraph={{ rows: 7 }} /></div>)}</div>
    </div>
  )
}
