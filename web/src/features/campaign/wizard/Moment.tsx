import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import { dateTime } from '@/platform/format'
import { useZone } from '@/platform/session'

const format = 'YYYY-MM-DD HH:mm'

/** Moment picks a day and a time on the tenant's clock, never in the past. */
export default function Moment({ label, value, change }: { label: string; value: string; change: (wall: string) => void }) {
  const now = dayjs(dateTime(Date.now(), useZone())) // what the tenant's clock shows, wherever the browser is
  return <DatePicker showTime={{ format: 'HH:mm', minuteStep: 5 }} format={format} aria-label={label} value={value ? dayjs(value) : null} needConfirm={false} style={{ width: 240 }}
    minDate={now} showNow={false} onChange={d => change(d ? d.format(format) : '')} />
}
