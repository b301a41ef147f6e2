import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Panel } from '@/platform/Page'
import { useCan } from '@/platform/session'
import type { CampaignDetail, Grade } from '@/platform/types'
import { GradeTag } from '@/words/GradeTag'
import { useReps } from '../customer/useReps'
import css from './Campaign.module.css'
import { useSmsTemplates } from './useSmsTemplates'

type RulesOf = CampaignDetail['rules']

// Templates and reps are stored by id; their names are fetched by whoever may read them.
function useNames() {
  const can = useCan()
  const templates = useSmsTemplates(can('sms:read'))
  const reps = useReps(can('user:read'))
  return {
    template: (id: string) => { const x = (templates.data ?? []).find(s => s.id === id); return x ? <><b>{x.name}</b><p className="quiet">{x.text}</p></> : <code>{id}</code> },
    rep: (id: string) => (reps.data?.items ?? []).find(u => u.id === id)?.name ?? id,
  }
}

function Grades({ list }: { list: readonly string[] }) { return <span className="row">{list.map(g => <GradeTag key={g} grade={g as Grade} />)}</span> }

/** Rules is what a campaign does besides calling: seats, messages, the gate. */
export function Rules({ campaign: c }: { campaign: CampaignDetail }) {
  const { t } = useTranslation()
  const names = useNames()
  const r = c.rules
  const rows: [string, ReactNode][] = [
    ['campaign.file', c.import?.name ?? null],
    ['campaign.seats', <span className={css.chips}>{c.seat_list.map(s => <span key={s.id}>{s.name || s.number}</span>)}</span>],
    ['campaign.rule.keyword', r.keyword_sms ? names.template(r.keyword_sms.template_id) : null],
    ['campaign.rule.screening', r.screening_sms?.length ? r.screening_sms.map((s, i) => <div key={i} className={css.rule}><Grades list={s.grades} /><div>{names.template(s.template_id)}</div></div>) : null],
    ['campaign.rule.push', r.push ? <div className={css.rule}><Grades list={r.push.grades} /><div>{t(`campaign.mode.${r.push.mode}`)}{r.push.rep_ids.length > 0 && <p className="quiet">{r.push.rep_ids.map(names.rep).join(t('campaign.comma'))}</p>}</div></div> : null],
    ['campaign.rule.gate', r.gate ? <Gate gate={r.gate} /> : null],
  ]
  return <Panel><dl className={css.rules}>{rows.map(([label, value]) => <div key={label}><dt>{t(label)}</dt><dd>{value ?? <span className="quiet">{t('campaign.rule.none')}</span>}</dd></div>)}</dl></Panel>
}

function Gate({ gate }: { gate: NonNullable<RulesOf['gate']> }) {
  const { t } = useTranslation()
  const parts = [
    gate.min_keywords && t('campaign.gateKeywords', { count: gate.min_keywords }), gate.min_talk_s && t('campaign.gateTalk', { count: gate.min_talk_s }), gate.min_rounds && t('campaign.gateRounds', { count: gate.min_rounds }),
  ].filter(Boolean)
  return <>{parts.join(t('campaign.comma'))}{gate.keywords && gate.keywords.length > 0 && <p className={css.chips}>{gate.keywords.map(k => <span key={k}>{k}</span>)}</p>}</>
}
