import { CheckCircleFilled, CloseCircleFilled } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { duration } from '@/platform/format'
import type { CallDetail } from '@/platform/types'
import { GradeTag } from '@/words/GradeTag'
import { KindTag } from '@/words/KindTag'
import css from './Call.module.css'

interface Props { call: Pick<CallDetail, 'grade' | 'grade_reason' | 'ended_at'>; seek?: (ms: number) => void }

/** Why says which grade the call got and what for: the rule, what the customer said and when, and the gate's values (FEATURES A4.4). */
export function Why({ call, seek }: Props) {
  const { t } = useTranslation()
  const { grade_reason: why, grade } = call
  if (!grade) return <section className={css.why}><p className="quiet">{t(call.ended_at ? 'call.ungraded' : 'call.gradedLater')}</p></section>
  return (
    <section className={css.why} data-grade={grade} aria-label={t('call.why')}>
      <div className={css.verdict}><GradeTag grade={grade} named /></div>
      <p className={css.reason}>{why.text}</p>
      <p className={css.sums}>{t('call.sums', { rounds: why.rounds, talk: duration(why.talk_ms) })}</p>
      {why.hits.length > 0 && <Hits hits={why.hits} seek={seek} />}
      {why.gate.length > 0 && <Gate rows={why.gate} />}
    </section>
  )
}

function Hits({ hits, seek }: { hits: CallDetail['grade_reason']['hits']; seek?: (ms: number) => void }) {
  const { t } = useTranslation()
  return (
    <ul className={css.hits} aria-label={t('call.hits')}>
      {hits.map((h, i) => (
        <li key={i}>
          {seek ? <button type="button" className="num" onClick={() => seek(h.at_ms)} aria-label={t('platform.player.jump', { at: duration(h.at_ms) })}>{duration(h.at_ms)}</button> : <span className="num quiet">{duration(h.at_ms)}</span>}
          <b>{h.matched || h.keyword}</b>
          <KindTag kind={h.kind}>{h.class_label}</KindTag>
          {h.counts_for_a && <span className={css.counts}>{t('call.countsForA')}</span>}
        </li>
      ))}
    </ul>
  )
}

function Gate({ rows }: { rows: CallDetail['grade_reason']['gate'] }) {
  const { t } = useTranslation()
  return (
    <ul className={css.gate} aria-label={t('call.gate')}>
      {rows.map(r => (
        <li key={r.key} data-ok={r.ok}>
          {r.ok ? <CheckCircleFilled /> : <CloseCircleFilled />}<span>{r.text}</span><span className="num">{t('call.gateGot', { got: r.got, need: r.need })}</span>
        </li>
      ))}
    </ul>
  )
}
