import { FilterOutlined, SearchOutlined } from '@ant-design/icons'
import { Badge, Button, Input, InputNumber, Popover, Select } from 'antd'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { chips, params, type Filter, type Values } from './filter'
import { typed } from './walk'
import css from './Grid.module.css'

// The calendar is heavy and no page needs it to be read.
const Days = lazy(() => import('../Days'))

interface Props { filters: readonly Filter[]; values: Values; change: (v: Values) => void }

const behind = (f: Filter) => f.kind !== 'search' && !!f.more

/** FilterBar is the one line of filters; those marked more wait behind 更多. */
export function FilterBar({ filters, values, change }: Props) {
  const { t } = useTranslation()
  const more = filters.filter(behind)
  const hidden = more.filter(f => params(f).some(p => values[p])).length
  return (
    <>
      {filters.filter(f => !behind(f)).map(f => <Field key={f.name} filter={f} values={values} change={change} />)}
      {more.length > 0 && (
        <Popover trigger="click" placement="bottomLeft" content={<div className={css.more}>
          {more.map(f => <div key={f.name}><span className={css.moreLabel}>{t(f.label)}</span><Field filter={f} values={values} change={change} /></div>)}
        </div>}>
          <Badge count={hidden} size="small" color="var(--accent)"><Button icon={<FilterOutlined />}>{t('platform.more')}</Button></Badge>
        </Popover>
      )}
    </>
  )
}

/** Chips says what is in force, each removable. */
export function Chips({ filters, values, change }: Props) {
  const { t } = useTranslation()
  const active = chips(filters, values).filter(c => c.filter.kind !== 'search')
  if (!active.length) return null
  return (
    <div className={css.chips}>
      {active.map(c => (
        <button key={c.filter.name} type="button" className={css.chip} onClick={() => change(c.clear)} aria-label={t('platform.removeFilter', { name: t(c.filter.label) })}>
          <span>{t(c.filter.label)}</span><b>{c.text}</b><i aria-hidden="true">×</i>
        </button>
      ))}
      <Button type="link" size="small" onClick={() => change(Object.assign({}, ...active.map(c => c.clear)))}>{t('platform.clearFilters')}</Button>
    </div>
  )
}

function Field({ filter, values, change }: { filter: Filter; values: Values; change: (v: Values) => void }) {
  const { t } = useTranslation()
  const label = t(filter.label)
  switch (filter.kind) {
    case 'search': return <Search label={label} value={values[filter.name] ?? ''} change={v => change({ [filter.name]: v })} />
    case 'choice': return filter.many
      ? <Select mode="multiple" aria-label={label} placeholder={label} options={filter.options} optionFilterProp="label" maxTagCount="responsive" allowClear className={css.choice}
          value={values[filter.name]?.split(',') ?? []} onChange={(v: string[]) => change({ [filter.name]: v.join(',') })} />
      : <Select aria-label={label} placeholder={label} options={filter.options} showSearch optionFilterProp="label" allowClear className={css.choice} popupMatchSelectWidth={false}
          value={values[filter.name]} onChange={(v?: string) => change({ [filter.name]: v ?? '' })} />
    case 'dates': return <Suspense fallback={<Input className={css.days} disabled />}><Days label={label} className={css.days} from={values.from} to={values.to} change={change} /></Suspense>
    case 'range': return <Range filter={filter} label={label} values={values} change={change} />
  }
}

// Typing asks the server after a short pause, Enter at once.
function Search({ label, value, change }: { label: string; value: string; change: (v: string) => void }) {
  const [text, setText] = useState(value)
  const [composing, setComposing] = useState(false) // pinyin on its way to a word is not looked for
  useEffect(() => setText(old => typed(old, value)), [value])
  useEffect(() => {
    if (composing || text.trim() === value) return
    const wait = setTimeout(() => change(text.trim()), 350)
    return () => clearTimeout(wait)
  }, [text, composing]) // the pause is counted from the last key alone
  return <Input className={css.search} prefix={<SearchOutlined className="quiet" />} placeholder={label} aria-label={label} value={text} allowClear
    onChange={e => setText(e.target.value)} onCompositionStart={() => setComposing(true)} onCompositionEnd={() => setComposing(false)} onPressEnter={e => { if (!composing && !e.nativeEvent.isComposing) change(text.trim()) }} />
}

function Range({ filter, label, values, change }: { filter: Extract<Filter, { kind: 'range' }>; label: string; values: Values; change: (v: Values) => void }) {
  const scale = filter.scale ?? 1
  const end = (name: string, sign: string) => (
    <InputNumber key={name} min={0} aria-label={`${label} ${sign}`} prefix={<span className="quiet">{sign}</span>} suffix={filter.unit} className={css.end}
      value={values[name] ? Number(values[name]) / scale : null} onChange={v => change({ [name]: v == null ? '' : String(Number(v) * scale) })} />
  )
  return <span className="row">{end(filter.min, '≥')}{filter.max && end(filter.max, '≤')}</span>
}
