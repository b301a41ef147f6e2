import { DownloadOutlined, PauseCircleFilled, PlayCircleFilled } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Segmented, Skeleton, Tooltip } from 'antd'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, base, data } from './api'
import { Failure } from './Errors'
import { duration } from './format'
import { jump, playerKey, silences, turnAt, type PlayerKey } from './sound'
import css from './Player.module.css'
import { Transcript } from './Transcript'
import type { Turn } from './types'
import { Waveform } from './Waveform'

interface Props { call: string; recording: { duration_ms: number } | null; turns: readonly Turn[]; seek?: number | null; whole?: boolean }

const big = { fontSize: 34, color: 'var(--accent)' }
const speeds = [1, 1.5, 2]

/**
 * Player is the one way to listen to a call: waveform in two colours, transcript moving along
 * (a click jumps there), keyword hits marked with their class, speed, skip silence, keyboard, download.
 * seek, when it changes, jumps to that millisecond from outside; whole says that the page is this one call, whose keys are the player's.
 */
export function Player({ call, recording, turns, seek, whole = false }: Props) {
  const { t } = useTranslation()
  if (!recording) return (
    <div className={css.player}>
      <p className={css.none}>{t('platform.player.noRecording')}</p>
      <Transcript turns={turns} at={-1} jump={null} />
    </div>
  )
  return <Recording key={call} call={call} total={recording.duration_ms} turns={turns} seek={seek ?? null} whole={whole} />
}

function Recording({ call, total, turns, seek, whole }: { call: string; total: number; turns: readonly Turn[]; seek: number | null; whole: boolean }) {
  const { t } = useTranslation()
  const peaks = useQuery({ queryKey: ['peaks', call], queryFn: () => data(api.GET('/calls/{id}/peaks', { params: { path: { id: call } } })), staleTime: Infinity })
  const [speed, setSpeed] = useState(1)
  const [skip, setSkip] = useState(false)
  const quiet = useMemo(() => (skip && peaks.data ? silences(peaks.data) : []), [skip, peaks.data])
  const { audio, ms, playing, broken, go, toggle } = useAudio(speed, at => jump(quiet, at))
  useEffect(() => { if (seek != null) go(seek) }, [seek])

  const box = useRef<HTMLDivElement>(null)
  useKeys(box, whole, { toggle, back: () => go(ms - 5000), on: () => go(ms + 5000) })
  const source = `${base}/calls/${call}/recording`
  return (
    <div ref={box} className={css.player} data-keys="player">
      <audio ref={audio} src={source} preload="metadata" />
      <div className={css.wave}>
        {peaks.isError ? <Failure compact error={peaks.error} retry={() => peaks.refetch()} /> : peaks.data
          ? <Waveform peaks={peaks.data} total={total} at={ms} seek={go} turns={turns} /> : <Skeleton.Node active style={{ width: '100%', height: 104 }}>{' '}</Skeleton.Node>}
      </div>
      <div className={css.controls}>
        <Tooltip title={t('platform.player.keys')}>
          <Button type="text" shape="circle" size="large" icon={playing ? <PauseCircleFilled style={big} /> : <PlayCircleFilled style={big} />} aria-label={t(playing ? 'platform.player.pause' : 'platform.player.play')} onClick={toggle} />
        </Tooltip>
        <span className="num nowrap">{duration(ms)} / {duration(total)}</span>
        <span className={css.key} data-who="callee">{t('platform.player.callee')}</span><span className={css.key} data-who="robot">{t('platform.player.robot')}</span>
        <span className="grow" />
        <Checkbox checked={skip} onChange={e => setSkip(e.target.checked)} disabled={!peaks.data}>{t('platform.player.skipSilence')}</Checkbox>
        <Segmented size="small" value={speed} onChange={setSpeed} options={speeds.map(s => ({ value: s, label: `${s}×` }))} aria-label={t('platform.player.speed')} />
        <Tooltip title={t('platform.player.download')}><Button type="text" icon={<DownloadOutlined />} href={source + '?download=1'} download aria-label={t('platform.player.download')} /></Tooltip>
      </div>
      {broken && <p className={css.broken} role="alert">{t('platform.player.failed')}</p>}
      <Transcript turns={turns} at={ms > 0 || playing ? turnAt(turns, ms) : -1} jump={at => go(at, true)} follow={playing} />
    </div>
  )
}

const typing = 'input,textarea,select,[contenteditable],[role=combobox],[role=radiogroup]'
const pressed = 'button,a,label,summary,[role=tab],[role=menuitem]'

// The keys are heard on the whole window: the help promises them without saying where to click first.
function useKeys(box: React.RefObject<HTMLDivElement | null>, whole: boolean, steps: Record<PlayerKey, () => void>) {
  const latest = useRef(steps)
  latest.current = steps
  useEffect(() => {
    const press = (e: KeyboardEvent) => {
      const target = e.target as Element
      const dialog = target.closest('[role=dialog]')
      if (e.defaultPrevented || (e.repeat && e.key === ' ') || e.ctrlKey || e.metaKey || e.altKey || (dialog && !dialog.contains(box.current))) return
      const on = target.closest(typing) ? 'input' : target.closest(pressed) ? 'control' : 'page'
      const key = playerKey(e.key, on, !!box.current?.contains(target), whole)
      if (!key) return
      e.preventDefault()
      latest.current[key]()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [box, whole])
}

// The audio element and what of it the screen shows, updated with the picture while playing.
function useAudio(speed: number, hop: (ms: number) => number) {
  const audio = useRef<HTMLAudioElement>(null)
  const [ms, setMs] = useState(0)
  const [playing, setPlaying] = useState(false)
  const [broken, setBroken] = useState(false)
  const hopNow = useRef(hop)
  hopNow.current = hop

  useEffect(() => {
    const el = audio.current!
    const told: [string, () => void][] = [
      ['play', () => setPlaying(true)], ['pause', () => setPlaying(false)], ['ended', () => setPlaying(false)], ['error', () => setBroken(true)], ['loadeddata', () => setBroken(false)], ['playing', () => setBroken(false)],
      ['seeked', () => setMs(el.currentTime * 1000)],
    ]
    for (const [name, tell] of told) el.addEventListener(name, tell)
    return () => { for (const [name, tell] of told) el.removeEventListener(name, tell); el.pause() }
  }, [])
  useEffect(() => { if (audio.current) audio.current.playbackRate = speed }, [speed])
  useEffect(() => {
    if (!playing) return
    let frame = 0
    const draw = () => {
      const now = audio.current!.currentTime * 1000
      const to = hopNow.current(now)
      if (to !== now) audio.current!.currentTime = to / 1000
      setMs(to)
      frame = requestAnimationFrame(draw)
    }
    frame = requestAnimationFrame(draw)
    return () => cancelAnimationFrame(frame)
  }, [playing])

  const start = () => void audio.current?.play().catch((e: DOMException) => { if (e.name !== 'AbortError') setBroken(true) }) // a pause that comes first is no failure
  const go = (to: number, play = false) => {
    const el = audio.current
    if (!el) return
    el.currentTime = Math.max(0, Math.min(to / 1000, el.duration || to / 1000))
    setMs(el.currentTime * 1000)
    if (play && el.paused) start()
  }
  return { audio, ms, playing, broken, go, toggle: () => (audio.current?.paused ? start() : audio.current?.pause()) }
}
