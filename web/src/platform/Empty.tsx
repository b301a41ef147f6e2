import type { ReactNode } from 'react'
import css from './Empty.module.css'

export interface SceneProps { title: string; text?: string; action?: ReactNode; foot?: ReactNode; mood?: 'empty' | 'error' | 'search'; compact?: boolean }

/** Scene fills a place that has nothing to show: what it is for, and the next step. */
export function Scene({ title, text, action, foot, mood = 'empty', compact }: SceneProps) {
  return (
    <div className={compact ? `${css.scene} ${css.compact}` : css.scene} role={mood === 'error' ? 'alert' : undefined}>
      {!compact && <Drawing mood={mood} />}
      <p className={css.title}>{title}</p>
      {text && <p className={css.text}>{text}</p>}
      {action && <div className={css.action}>{action}</div>}
      {foot && <div className={css.foot}>{foot}</div>}
    </div>
  )
}

// Five bars of a voice: flat when there is nothing, broken when it failed, a glass when nothing was found.
function Drawing({ mood }: { mood: 'empty' | 'error' | 'search' }) {
  const bars = mood === 'error' ? [14, 30, 4, 22, 12] : [10, 24, 38, 20, 12]
  return (
    <svg className={css.drawing} data-mood={mood} width="96" height="56" viewBox="0 0 96 56" aria-hidden="true">
      <rect x="0.5" y="0.5" width="95" height="55" rx="10" className={css.card} />
      {bars.map((h, i) => <line key={i} x1={26 + i * 11} x2={26 + i * 11} y1={28 - h / 2} y2={28 + h / 2} className={css.bar} />)}
      {mood === 'search' && <g className={css.glass}><circle cx="66" cy="36" r="9" /><line x1="73" y1="43" x2="80" y2="50" /></g>}
    </svg>
  )
}
