import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, InputNumber, Radio, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { api, data } from '@/platform/api'
import { Failure } from '@/platform/Errors'
import { count } from '@/platform/format'
import { standing, type Fetched } from '@/platform/standing'
import { grades, type Grade, type SmsTemplate } from '@/platform/types'
import { GradeTag } from '@/words/GradeTag'
import { useReps } from '../../customer/useReps'
import { useSmsTemplates } from '../useSmsTemplates'
import type { Draft, Mode } from './draft'
import { Ask, Option, useFault } from './parts'
import type { StepProps } from './steps'
import css from './Wizard.module.css'

/** Step 3: what happens after a call, or in it. All of it can stay off. */
export function AfterStep(props: StepProps) {
  const templates = useSmsTemplates()
  const offered = (kind: SmsTemplate['kind']) => ({ from: templates, templates: (templates.data ?? []).filter(x => x.kind === kind && x.enabled) })
  return <div className="stack"><Keyword {...props} {...offered('keyword')} /><Screening {...props} {...offered('screening')} /><Push {...props} /><Gate {...props} /></div>
}

interface WithTemplates extends StepProps { templates: readonly SmsTemplate[]; from: Fetched<unknown> }

function Credit() {
  const { t } = useTranslation()
  const credit = useQuery({ queryKey: ['sms-credit'], queryFn: () => data(api.GET('/sms/credit')) })
  return credit.data ? <span className="quiet num">{t('campaign.credit', { remaining: count(credit.data.remaining) })}</span> : null
}

function Template({ templates, value, choose, label }: { templates: readonly SmsTemplate[]; value: string; choose: (id: string) => void; label: string }) {
  const { t } = useTranslation()
  const chosen = templates.find(x => x.id === value)
  return (
    <div className={css.template}>
      <Select {...useFault()} aria-label={label} value={value || undefined} placeholder={t('campaign.chooseTemplate')} onChange={choose} options={templates.map(x => ({ value: x.id, label: x.name }))} notFoundContent={t('campaign.noSmsTemplates')} />
      {chosen && <p className={css.sms}>{chosen.text}</p>}
    </div>
  )
}

/** GradePick ticks grades. */
function GradePick({ value, change, label }: { value: readonly Grade[]; change: (g: Grade[]) => void; label: string }) {
  const turn = (g: Grade, on: boolean) => change(grades.filter(x => (x === g ? on : value.includes(x))))
  return <div className={css.grades} role="group" aria-label={label}>{grades.map(g => <Checkbox key={g} checked={value.includes(g)} onChange={e => turn(g, e.target.checked)}><GradeTag grade={g} /></Checkbox>)}</div>
}

function Keyword({ draft, set, wrong, templates, from }: WithTemplates) {
  const { t } = useTranslation()
  return (
    <Option name="keyword" from={from} on={draft.keyword !== null} turn={on => set({ keyword: on ? templates[0]?.id ?? '' : null })}>
      <Ask label={t('campaign.smsTemplate')} error={wrong('keyword_sms')} extra={<Credit />}><Template label={t('campaign.smsTemplate')} templates={templates} value={draft.keyword ?? ''} choose={keyword => set({ keyword })} /></Ask>
    </Option>
  )
}

function Screening({ draft, set, wrong, templates, from }: WithTemplates) {
  const { t } = useTranslation()
  const rules = draft.screening
  const fresh = { template: templates[0]?.id ?? '', grades: ['A', 'B'] as Grade[] }
  const put = (i: number, change: Partial<Draft['screening'][number]>) => set({ screening: rules.map((r, j) => (j === i ? { ...r, ...change } : r)) })
  return (
    <Option name="screening" from={from} on={rules.length > 0} turn={on => set({ screening: on ? [fresh] : [] })}>
      <Ask label={t('campaign.screeningRules')} error={wrong('screening_sms')} extra={<Credit />}>
        {rules.map((r, i) => (
          <div key={i} className={css.rule}>
            <GradePick label={t('campaign.forGrades')} value={r.grades} change={g => put(i, { grades: g })} />
            <Template label={t('campaign.smsTemplate')} templates={templates} value={r.template} choose={template => put(i, { template })} />
            {rules.length > 1 && <Button type="text" icon={<DeleteOutlined />} aria-label={t('platform.delete')} onClick={() => set({ screening: rules.filter((_, j) => j !== i) })} />}
          </div>
        ))}
        <Button type="link" size="small" icon={<PlusOutlined />} className={css.add} onClick={() => set({ screening: [...rules, { ...fresh, grades: [] }] })}>{t('campaign.addRule')}</Button>
      </Ask>
    </Option>
  )
}

const modes: Mode[] = ['each', 'round_robin', 'owner']

function Push({ draft, set, wrong }: StepProps) {
  const { t } = useTranslation()
  const reps = useReps()
  const list = (reps.data?.items ?? []).filter(r => r.enabled)
  const bound = list.filter(r => r.wechat_bound).map(r => r.id)
  const push = draft.push
  const put = (change: Partial<NonNullable<Draft['push']>>) => set({ push: push && { ...push, ...change } })
  return (
    <Option name="push" from={reps} on={!!push} turn={on => set({ push: on ? { grades: ['A', 'B'], reps: bound.slice(0, 1), mode: 'each' } : null })}>
      {push && <>
        <Ask label={t('campaign.forGrades')} error={push.grades.length ? undefined : wrong('push')}><GradePick label={t('campaign.forGrades')} value={push.grades} change={g => put({ grades: g })} /></Ask>
        <Ask label={t('campaign.reps')} error={push.grades.length ? wrong('push') : undefined} help={t('campaign.repsHelp')}>
          <Select mode="multiple" aria-label={t('campaign.reps')} placeholder={t('campaign.chooseReps')} value={push.reps} onChange={(ids: string[]) => put({ reps: ids })}
            options={list.map(r => ({ value: r.id, label: r.wechat_bound ? r.name : t('campaign.unbound', { name: r.name }), disabled: !r.wechat_bound }))} optionFilterProp="label" />
        </Ask>
        <Ask label={t('campaign.pushMode')}>
          <Radio.Group value={push.mode} onChange={e => put({ mode: e.target.value as Mode })} className={css.modes} options={modes.map(value => ({ value, label: t(`campaign.mode.${value}`) }))} />
        </Ask>
      </>}
    </Option>
  )
}

function Gate({ draft, set, wrong }: StepProps) {
  const { t } = useTranslation()
  const gate = draft.gate
  const put = (change: Partial<NonNullable<Draft['gate']>>) => set({ gate: gate && { ...gate, ...change } })
  const least = (key: 'min_keywords' | 'min_talk_s' | 'min_rounds', unit: string) => (
    <Ask label={t(`campaign.least.${key}`)}><InputNumber min={0} max={key === 'min_talk_s' ? 3600 : 50} aria-label={t(`campaign.least.${key}`)} suffix={t(unit)} value={gate?.[key] || null} placeholder={t('campaign.notAsked')} onChange={n => put({ [key]: n ?? 0 })} /></Ask>
  )
  return (
    <Option name="gate" on={!!gate} turn={on => set({ gate: on ? { keywords: [], min_keywords: 1, min_talk_s: 0, min_rounds: 2 } : null })}>
      {gate && <>
        <div className={css.threes}>{least('min_keywords', 'campaign.unit.words')}{least('min_talk_s', 'campaign.unit.seconds')}{least('min_rounds', 'campaign.unit.rounds')}</div>
        <Ask label={t('campaign.gateWords')} error={wrong('gate')} help={t('campaign.gateWordsHelp')}><Words script={draft.script} value={gate.keywords} change={keywords => put({ keywords })} /></Ask>
      </>}
    </Option>
  )
}

// The keywords of the chosen script that count for A, by their class.
function Words({ script, value, change }: { script: string; value: string[]; change: (words: string[]) => void }) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['scripts', script], queryFn: () => data(api.GET('/scripts/{id}', { params: { path: { id: script } } })), enabled: !!script })
  const classes = (query.data?.classes ?? []).filter(c => c.counts_for_a)
  const fault = useFault()
  if (standing(query).show === 'failure') return <Failure compact error={query.error} retry={() => void query.refetch()} />
  return <Select {...fault} loading={query.isLoading} mode="multiple" aria-label={t('campaign.gateWords')} placeholder={t('campaign.allThatCount')} value={value} onChange={change} allowClear maxTagCount={12}
    options={classes.map(c => ({ label: c.label, options: (c.keywords ?? []).map(k => ({ value: k, label: k })) }))} />
}
