import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { duration } from './format'
import { bars } from './sound'
import css from './Player.module.css'
import { useTokens } from './theme'
import type { Tokens } from './tokens'
import type { Peaks, Turn } from './types'

interface Props { peaks: Peaks; total: number; at: number; seek: (ms: number) => void; turns: readonly Turn[] }

const height = 104
const step = 4 // a bar of 3 px and its gap

/** Waveform draws the callee above and the robot below the middle; what was played is full, the rest pale. A slider to the keyboard. */
export function Waveform({ peaks, total, at, seek, turns }: Props) {
  const { t } = useTranslation()
  const tokens = useTokens()
  const box = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const width = useWidth(box)
  const heights = useMemo(() => {
    const n = Math.max(1, Math.floor(width / step))
    return { callee: bars(peaks.left, n), robot: bars(peaks.right, n) }
  }, [peaks, width])
  useEffect(() => { if (canvas.current) draw(canvas.current, width, heights, total ? at / total : 0, tokens) }, [heights, at, total, tokens, width])

  const point = (e: React.PointerEvent) => {
    if (e.type === 'pointermove' && e.buttons !== 1) return
    const r = box.current!.getBoundingClientRect()
    seek(Math.max(0, Math.min(1, (e.clientX - r.left) / r.width)) * total)
  }
  const marks = turns.flatMap(u => (u.hits ?? []).map(h => ({ at: u.at_ms, hit: h })))
  return (
    <div ref={box} className={css.canvas} role="slider" tabIndex={0} aria-label={t('platform.player.position')} aria-description={t('platform.player.wave')}
      aria-valuemin={0} aria-valuemax={Math.round(total / 1000)} aria-valuenow={Math.round(at / 1000)} aria-valuetext={`${duration(at)} / ${duration(total)}`}
      onPointerDown={e => { e.currentTarget.setPointerCapture(e.pointerId); point(e) }} onPointerMove={point}>
      <canvas ref={canvas} style={{ width: '100%', height }} />
      {marks.map((m, i) => <i key={i} className={css.mark} data-kind={m.hit.kind} style={{ left: `${(m.at / total) * 100}%` }} aria-hidden="true" />)}
    </div>
  )
}

function useWidth(box: React.RefObject<HTMLDivElement | null>): number {
  const [width, set] = useState(0)
  useEffect(() => {
    const watch = new ResizeObserver(([e]) => set(Math.floor(e!.contentRect.width)))
    watch.observe(box.current!)
    return () => watch.disconnect()
  }, [box])
  return width
}

function draw(canvas: HTMLCanvasElement, width: number, heights: { callee: number[]; robot: number[] }, played: number, c: Tokens) {
  const scale = window.devicePixelRatio || 1
  canvas.width = width * scale
  canvas.height = height * scale
  const pen = canvas.getContext('2d')!
  pen.scale(scale, scale)
  const middle = height / 2
  const row = (list: number[], colour: string, up: boolean) => list.forEach((h, i) => {
    const tall = Math.max(1.5, h * (middle - 8))
    pen.globalAlpha = (i + 0.5) / list.length <= played ? 1 : 0.38
    pen.fillStyle = colour
    pen.beginPath()
    pen.roundRect(i * step, up ? middle - 1 - tall : middle + 1, 3, tall, 1.5)
    pen.fill()
  })
  row(heights.callee, c.callee, true)
  row(heights.robot, c.robot, false)
  pen.globalAlpha = 1
  pen.fillStyle = c.text
  if (played > 0) pen.fillRect(Math.min(width - 1.5, played * width), 4, 1.5, height - 8)
}
