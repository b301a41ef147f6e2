import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Scene } from './Empty'
import { duration } from './format'
import { pieces } from './sound'
import css from './Player.module.css'
import type { Turn } from './types'

interface Props { turns: readonly Turn[]; at: number; jump: ((ms: number) => void) | null; follow?: boolean }

/** Transcript is the talk: who said what when, hits marked with their class; the sentence being heard is lit and kept in view. */
export function Transcript({ turns, at, jump, follow }: Props) {
  const { t } = useTranslation()
  const list = useRef<HTMLOListElement>(null)
  useEffect(() => {
    const box = list.current
    const line = box?.children[at] as HTMLElement | undefined
    if (!follow || !box || !line) return
    box.scrollTo({ top: line.offsetTop - box.clientHeight / 2 + line.clientHeight / 2, behavior: 'smooth' })
  }, [at, follow])
  if (!turns.length) return <Scene compact title={t('platform.player.noTranscript')} text={t('platform.player.noTranscriptHint')} />
  return (
    <ol ref={list} className={css.talk} aria-label={t('platform.player.transcript')} tabIndex={0}>
      {turns.map((u, i) => <Sentence key={u.i} turn={u} on={i === at} jump={jump} />)}
    </ol>
  )
}

function Sentence({ turn, on, jump }: { turn: Turn; on: boolean; jump: ((ms: number) => void) | null }) {
  const { t } = useTranslation()
  const when = duration(turn.at_ms)
  return (
    <li className={css.turn} data-who={turn.who} data-on={on} aria-current={on || undefined}>
      <div className={css.meta}>
        <b>{t(`platform.player.${turn.who}`)}</b>
        {jump ? <button type="button" className="num" aria-label={t('platform.player.jump', { at: when })} onClick={() => jump(turn.at_ms)}>{when}</button> : <span className="num">{when}</span>}
        {turn.node_label && <span>{turn.node_label}</span>}
        {(turn.source === 'digit' || turn.source === 'text') && turn.who === 'callee' && <span>{t(`platform.player.${turn.source}`)}</span>}
        {turn.interrupted && <span className={css.cut}>{t('platform.player.interrupted')}</span>}
      </div>
      <p onClick={() => jump && !getSelection()?.toString() && jump(turn.at_ms)} data-jump={!!jump}>
        {pieces(turn.text, turn.hits).map((p, i) => (p.hit ? <mark key={i} data-kind={p.hit.kind}>{p.text}<sup>{p.hit.class_label}</sup></mark> : p.text))}
      </p>
    </li>
  )
}
