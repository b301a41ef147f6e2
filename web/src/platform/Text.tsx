import { Tooltip } from 'antd'
import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { dateTime, duration, phone, since } from './format'
import { useZone } from './session'

/** Phone writes a number 3-4-4; what arrives masked stays masked. */
export function Phone({ number }: { number: string }) {
  return <span className="num nowrap">{number ? phone(number) : '–'}</span>
}

/** Duration writes milliseconds as 1:05; nothing known is a dash. */
export function Duration({ ms }: { ms: number | null | undefined }) {
  return <span className="num">{ms == null ? '–' : duration(ms)}</span>
}

// One clock for all the times on a page, so that they tick together and cheaply.
let now = Date.now()
const tickers = new Set<() => void>()
setInterval(() => { now = Date.now(); tickers.forEach(tell => tell()) }, 15_000)
function subscribe(tell: () => void) { tickers.add(tell); return () => { tickers.delete(tell) } }

/** Ago writes a moment as 3 分钟前 with the full time, in the tenant's zone, on hover and for screen readers. */
export function Ago({ at, alone = true }: { at: string | null | undefined; alone?: boolean }) {
  const { t } = useTranslation()
  const zone = useZone()
  const moment = useSyncExternalStore(subscribe, () => now)
  if (!at) return <span className="quiet">–</span>
  const { key, count } = since(Date.parse(at), moment)
  const full = dateTime(at, zone)
  return (
    <Tooltip title={`${full} (${zone})`}>
      <time dateTime={at} className="nowrap">{t(key, { count })}{alone && <span className="sr"> ({full})</span>}</time>
    </Tooltip>
  )
}

/** When writes both: on a page about one thing nothing is seen by hover only. */
export function When({ at }: { at: string | null | undefined }) {
  return at ? <><Ago at={at} alone={false} /> <small className="quiet"><Time at={at} /></small></> : <Ago at={at} />
}

/** Time writes a moment in full, in the tenant's zone. */
export function Time({ at }: { at: string | null | undefined }) {
  const zone = useZone()
  return at ? <time dateTime={at} className="num nowrap">{dateTime(at, zone)}</time> : <span className="quiet">–</span>
}
