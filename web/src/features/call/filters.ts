import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, data } from '@/platform/api'
import type { Choice, Filter } from '@/platform/grid/filter'
import { useCan } from '@/platform/session'
import { grades } from '@/platform/types'
import { useOutcome } from '@/words/StateTag'

const outcomes = ['answered', 'machine', 'no_answer', 'busy', 'refused', 'bad_number', 'no_progress', 'line_failure', 'cancelled', 'interrupted', 'unknown']

// Which campaigns and seats there are; a rep who may not read them is not offered the filter.
function useChoices(name: string, right: string, load: () => Promise<{ items: { id: string; name: string }[] }>, on: boolean): Choice[] | null {
  const can = useCan()
  const asked = on && can(right)
  const query = useQuery({ queryKey: [name, 'choices'], queryFn: load, enabled: asked, staleTime: 60_000 })
  return asked ? (query.data?.items ?? []).map(x => ({ value: x.id, label: x.name })) : null
}

/** useFilters are the conditions of the call records; inside one campaign that one is given. */
export function useFilters(inCampaign: boolean): Filter[] {
  const { t } = useTranslation()
  const outcome = useOutcome()
  const campaigns = useChoices('campaigns', 'campaign:read', () => data(api.GET('/campaigns', { params: { query: { limit: 200 } } })), !inCampaign)
  const seats = useChoices('seats', 'seat:read', () => data(api.GET('/seats')), true)
  return [
    { kind: 'search', name: 'q', label: 'call.search' },
    { kind: 'choice', name: 'grade', label: 'call.grade', many: true, options: grades.map(g => ({ value: g, label: g })) },
    { kind: 'dates', name: 'days', label: 'call.days' },
    ...(campaigns ? [{ kind: 'choice', name: 'campaign', label: 'call.campaign', options: campaigns, more: true } as const] : []),
    { kind: 'choice', name: 'outcome', label: 'call.outcome', many: true, more: true, options: outcomes.map(o => ({ value: o, label: outcome(o) })) },
    { kind: 'choice', name: 'assigned', label: 'call.assignment', more: true, options: [{ value: 'yes', label: t('call.assigned') }, { value: 'no', label: t('call.unassigned') }] },
    ...(seats ? [{ kind: 'choice', name: 'seat', label: 'call.seat', more: true, options: seats } as const] : []),
    { kind: 'range', name: 'talk', label: 'call.duration', min: 'min_ms', max: 'max_ms', unit: t('call.seconds'), scale: 1000, more: true },
    { kind: 'range', name: 'rounds', label: 'call.rounds', min: 'min_rounds', more: true },
  ]
}
