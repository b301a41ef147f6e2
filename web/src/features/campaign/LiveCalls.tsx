import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { duration } from '@/platform/format'
import { useLive } from '@/platform/live'
import { Panel } from '@/platform/Page'
import { useCan } from '@/platform/session'
import type { CampaignDetail, Grade } from '@/platform/types'
import { GradeTag } from '@/words/GradeTag'
import { useOutcome } from '@/words/StateTag'
import css from './Live.module.css'
import { known, moved, spoke, swept, type CallEvent, type Line, type Lines, type TurnEvent } from './lines'

// Beyond this many seats only those that are busy are shown.
const fixed = 24

function useLines(c: CampaignDetail): { lines: Lines; now: number } {
  const [lines, set] = useState<Lines>({})
  const [now, setNow] = useState(Date.now)
  useEffect(() => set(old => known(old, c.active_calls, Date.now())), [c.active_calls])
  useLive('call', e => { if (e.campaign === c.id) set(old => moved(old, e as unknown as CallEvent, Date.now())) })
  useLive('turn', e => { if (e.campaign === c.id) set(old => spoke(old, e as unknown as TurnEvent)) })
  useEffect(() => {
    const tick = setInterval(() => { setNow(Date.now()); set(old => swept(old, Date.now())) }, 1000)
    return () => clearInterval(tick)
  }, [])
  return { lines, now }
}

/** LiveCalls is what every robot seat is doing at this moment. Seats stand still in their places, so that nothing jumps while calls come and go. */
export function LiveCalls({ campaign: c }: { campaign: CampaignDetail }) {
  const { t } = useTranslation()
  const { lines, now } = useLines(c)
  const busy = Object.values(lines).filter(l => l.state !== 'ended').length
  const seats = c.seat_list.length <= fixed ? c.seat_list : c.seat_list.filter(s => lines[s.number]).slice(0, fixed * 2)
  return (
    <Panel title={t('campaign.liveCalls')} extra={<span className="quiet num">{t('campaign.busySeats', { busy, seats: c.seat_list.length })}</span>}>
      <ul className={css.seats}>
        {seats.map(s => <Seat key={s.id} name={s.name || s.number} line={lines[s.number]} now={now} paused={c.state !== 'running'} />)}
      </ul>
    </Panel>
  )
}

function Seat({ name, line, now, paused }: { name: string; line?: Line; now: number; paused: boolean }) {
  const { t } = useTranslation()
  if (!line) return <li className={css.seat} data-state="idle"><header><b>{name}</b></header><p className={css.idle}>{t(paused ? 'campaign.seatResting' : 'campaign.seatNext')}</p></li>
  return (
    <li className={css.seat} data-state={line.state}>
      <header><b className="clip">{name}</b><Clock line={line} now={now} /></header>
      <p className={css.who}><Who line={line} /><span className="quiet num nowrap">{t('campaign.lastFour', { digits: line.number.slice(-4) })}</span></p>
      <p className={css.said} data-who={line.who}>{line.said || t(line.state === 'dialling' ? 'campaign.ringing' : 'campaign.listening')}</p>
    </li>
  )
}

function Who({ line }: { line: Line }) {
  const can = useCan()
  return can('call:read') ? <Link to={`/calls/${line.call}`} className="clip">{line.name || '–'}</Link> : <span className="clip">{line.name || '–'}</span>
}

function Clock({ line, now }: { line: Line; now: number }) {
  const outcome = useOutcome()
  if (line.state === 'ended') return <span className={css.end}>{outcome(line.outcome ?? '')}<GradeTag grade={line.grade as Grade | undefined} /></span>
  return <span className={`${css.clock} num`}>{duration(now - line.heard)}</span>
}
