import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import { date } from './format'
import { useZone } from './session'

interface Props { label: string; from?: string; to?: string; change: (days: { from: string; to: string }) => void; className?: string; required?: boolean }

const day = (s?: string) => (s ? dayjs(s) : null)
const write = (d?: dayjs.Dayjs | null) => d?.format('YYYY-MM-DD') ?? ''

/** Days chooses a first and a last day, with the usual ones at hand. '' is open on that side. */
export default function Days({ label, from, to, change, className, required }: Props) {
  const { t } = useTranslation()
  const today = dayjs(date(Date.now(), useZone())) // the tenant's day, wherever the browser is
  const back = (a: number, b = 0): [dayjs.Dayjs, dayjs.Dayjs] => [today.subtract(a, 'day'), today.subtract(b, 'day')]
  const presets = [
    { label: t('platform.today'), value: back(0) }, { label: t('platform.yesterday'), value: back(1, 1) },
    { label: t('platform.last7'), value: back(6) }, { label: t('platform.last30'), value: back(29) },
  ]
  return <DatePicker.RangePicker aria-label={label} className={className} presets={presets} allowEmpty={!required} allowClear={!required} value={[day(from), day(to)]}
    onChange={r => change({ from: write(r?.[0]), to: write(r?.[1]) })} />
}
