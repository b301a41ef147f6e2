import { useTranslation } from 'react-i18next'
import { date } from '@/platform/format'
import { useZone } from '@/platform/session'
import type { Seat } from '@/platform/types'
import { Tag } from '@/words/StateTag'

/** Validity is until when a seat may dial; the last 30 days are counted (FEATURES A5.1). */
export function Validity({ seat }: { seat: Seat }) {
  const { t } = useTranslation()
  const zone = useZone()
  const left = seat.state === 'expired' ? null : seat.days_left
  return (
    <span className="row num">
      {seat.valid_until ? date(seat.valid_until, zone) : t('seat.forever')}
      {left != null && <Tag tone={left <= 7 ? 'red' : 'amber'}>{t('seat.daysLeft', { count: left })}</Tag>}
    </span>
  )
}
