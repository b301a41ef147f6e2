import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, data } from '@/platform/api'
import { useCalm } from '@/platform/calm'
import type { Column } from '@/platform/grid/column'
import type { Filter } from '@/platform/grid/filter'
import { Grid } from '@/platform/grid/Grid'
import { useLive } from '@/platform/live'
import { Ago, Phone } from '@/platform/Text'
import { grades, type Grade, type Lead } from '@/platform/types'
import { GradeTag } from '@/words/GradeTag'
import { StateTag, useOutcome } from '@/words/StateTag'

function Outcome({ lead }: { lead: Lead }) {
  const outcome = useOutcome()
  if (!lead.last_outcome) return <span className="quiet">–</span>
  return lead.last_call_id && lead.last_call_id !== '0' ? <Link to={`/calls/${lead.last_call_id}`}>{outcome(lead.last_outcome)}</Link> : <>{outcome(lead.last_outcome)}</>
}

const columns: Column<Lead>[] = [
  { key: 'row', title: 'campaign.row', render: l => <span className="num quiet">{l.row}</span>, align: 'right', width: 64 },
  { key: 'name', title: 'campaign.lead', render: l => l.name || '–', width: 120, fixed: true },
  { key: 'number', title: 'campaign.number', render: l => <Phone number={l.number} />, width: 150 },
  { key: 'state', title: 'campaign.state', render: l => <StateTag state={l.state} />, width: 110 },
  { key: 'grade', title: 'campaign.grade', render: l => <GradeTag grade={(l.grade || null) as Grade | null} />, width: 80 },
  { key: 'last_outcome', title: 'campaign.lastOutcome', render: l => <Outcome lead={l} />, width: 130 },
  { key: 'tries', title: 'campaign.tries', render: l => <span className="num">{l.tries}</span>, align: 'right', width: 80 },
  { key: 'vars', title: 'campaign.vars', render: l => <span className="quiet">{Object.entries(l.vars).filter(([k, v]) => k !== 'name' && v && v !== l.name).map(([k, v]) => `${k} ${v}`).join(' · ') || '–'}</span> },
  { key: 'at', title: 'campaign.at', render: l => <Ago at={l.at} />, width: 120 },
]

/** Leads is who a campaign calls, and how far it is with each; live: its rows change while one looks. */
export function Leads({ campaign, live }: { campaign: string; live: boolean }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const again = useCalm(() => void queries.invalidateQueries({ queryKey: ['leads'] }), 2000, campaign)
  useLive(live ? 'call' : null, e => { if (e.campaign === campaign) again() })
  const filters: Filter[] = [
    { kind: 'search', name: 'q', label: 'campaign.searchLead' },
    { kind: 'choice', name: 'state', label: 'campaign.state', options: (['waiting', 'calling', 'done'] as const).map(s => ({ value: s, label: t(`words.state.${s}`) })) },
    { kind: 'choice', name: 'grade', label: 'campaign.grade', many: true, options: grades.map(g => ({ value: g, label: g })) },
  ]
  return (
    <Grid name="leads" label="campaign.tab.leads" columns={columns} filters={filters} fixed={{ campaign }} poll={live ? 15_000 : undefined} nameOf={l => l.name || l.number}
      load={({ campaign: id, ...query }) => data(api.GET('/campaigns/{id}/leads', { params: { path: { id }, query } }))} empty={{ title: 'campaign.noLeads', text: 'campaign.noLeadsHint' }} />
  )
}
