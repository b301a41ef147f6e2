import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Alert, Button, Checkbox, DatePicker, TimePicker } from 'antd'
import dayjs from 'dayjs'
import customParse from 'dayjs/plugin/customParseFormat'
import { useTranslation } from 'react-i18next'
import type { HoursRange, TimeTemplateInput } from '@/platform/types'
import { beyondLaw, legal } from './hours'
import css from './Inputs.module.css'

dayjs.extend(customParse)

interface Given<V> { id?: string; value?: V; onChange?: (v: V) => void }

/** Weekdays are seven boxes, Monday first. */
export function Weekdays({ value = [], onChange }: Given<number[]>) {
  const { t } = useTranslation()
  return <Checkbox.Group className={css.days} value={value} onChange={v => onChange?.([...(v as number[])].sort())}
    options={[1, 2, 3, 4, 5, 6, 7].map(d => ({ value: d, label: t(`timetemplate.weekday.${d}`) }))} />
}

/** Ranges are the hours of a day in which calls may start. */
export function Ranges({ value = [], onChange }: Given<HoursRange[]>) {
  const { t } = useTranslation()
  const set = (i: number, part: Partial<HoursRange>) => onChange?.(value.map((r, j) => (j === i ? { ...r, ...part } : r)))
  const time = (text: string) => (text ? dayjs(text, 'HH:mm') : null)
  const pick = (i: number, end: 'from' | 'to') => (
    <TimePicker format="HH:mm" minuteStep={5} needConfirm={false} allowClear={false} value={time(value[i]![end])} aria-label={t(`timetemplate.${end}`)} onChange={d => set(i, { [end]: d?.format('HH:mm') ?? '' })} />
  )
  return (
    <div className="stack" style={{ gap: 8 }}>
      {value.map((_, i) => (
        <div key={i} className="row">{pick(i, 'from')}<span className="quiet">–</span>{pick(i, 'to')}
          <Button type="text" icon={<DeleteOutlined />} aria-label={t('timetemplate.removeRange')} disabled={value.length === 1} onClick={() => onChange?.(value.filter((_, j) => j !== i))} /></div>
      ))}
      <Button type="dashed" icon={<PlusOutlined />} disabled={value.length >= 6} onClick={() => onChange?.([...value, { from: '', to: '' }])}>{t('timetemplate.addRange')}</Button>
      {beyondLaw(value) && <Alert type="warning" showIcon title={t('timetemplate.legal', legal)} />}
    </div>
  )
}

/** Holidays are dates on which nobody is called. */
export function Holidays({ value = [], onChange }: Given<TimeTemplateInput['exceptions']>) {
  const { t } = useTranslation()
  const dates = value.map(e => dayjs(e.date))
  return <DatePicker multiple value={dates} style={{ width: '100%' }} placeholder={t('timetemplate.holidaysNone')} aria-label={t('timetemplate.holidays')} maxTagCount="responsive"
    onChange={all => onChange?.([...(all ?? [])].map(d => d.format('YYYY-MM-DD')).sort().map(date => value.find(e => e.date === date) ?? { date, ranges: [] }))} />
}
