import { DownOutlined } from '@ant-design/icons'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { bytes } from '@/platform/format'
import { Duration, Time } from '@/platform/Text'
import type { CallDetail } from '@/platform/types'
import css from './Call.module.css'

/** More is what only those need who look for a fault: latency, the line's answer, the file. */
export function More({ call }: { call: CallDetail }) {
  const { t, i18n } = useTranslation()
  const [open, setOpen] = useState(false)
  const by = `call.by.${call.sip.by}`
  const ms = (q: CallDetail['latency']['turn_ms']) => (q.n ? t('call.quantiles', { p50: q.p50, p95: q.p95, n: q.n }) : '–')
  const rows: [string, React.ReactNode][] = [
    ['call.turnLatency', ms(call.latency.turn_ms)], ['call.bargeIn', ms(call.latency.barge_in_ms)],
    ['call.whole', <Duration ms={call.duration_ms} />], ['call.answeredAt', <Time at={call.answered_at} />], ['call.endedAt', <Time at={call.ended_at} />],
    ['call.sip', [call.sip.status || '', call.sip.reason].filter(Boolean).join(' ') || '–'], ['call.hungUpBy', i18n.exists(by) ? t(by) : call.sip.by || '–'],
    ['call.line', call.line || '–'], ['call.file', call.recording ? bytes(call.recording.bytes) : '–'], ['call.id', <code>{call.id}</code>], ['call.attempt', <code>{call.attempt_id}</code>],
  ]
  return (
    <section className={`panel ${css.more}`}>
      <button type="button" aria-expanded={open} onClick={() => setOpen(!open)} data-part="more">{t('platform.more')}<small>{t('call.moreHint')}</small><DownOutlined rotate={open ? 180 : 0} /></button>
      {open && <dl>{rows.map(([label, value]) => <div key={label}><dt>{t(label)}</dt><dd className="num">{value}</dd></div>)}</dl>}
    </section>
  )
}
