import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { api, data } from '@/platform/api'
import { useCalm } from '@/platform/calm'
import { useLive } from '@/platform/live'
import type { Campaign, CampaignDetail, PageOf } from '@/platform/types'
import { merge } from './merge'

// Every list of campaigns that is shown takes the new numbers of the one the event tells of.
function tick(queries: QueryClient, told: Campaign) {
  const shown = queries.getQueriesData<PageOf<Campaign>>({ queryKey: ['campaigns'] }).flatMap(([, page]) => page?.items ?? []).find(c => c.id === told.id)
  // A new reason to wait, or the end of a campaign, is fetched: in the reader's language, and in its place in the list.
  if (shown && (shown.state !== told.state || (told.why_waiting && shown.why_waiting?.key !== told.why_waiting.key))) return void queries.invalidateQueries({ queryKey: ['campaigns'] })
  queries.setQueriesData<PageOf<Campaign>>({ queryKey: ['campaigns'] }, old => (old?.items
    ? { ...old, items: old.items.map(c => (c.id === told.id ? merge(c, told) : c)) } : old))
}

/** useCampaignEvents keeps the lists of campaigns ticking. */
export function useCampaignEvents() {
  const queries = useQueryClient()
  useLive('campaign', e => tick(queries, e as unknown as Campaign))
}

/** useCampaign is one campaign: its numbers tick by events; what events do not carry (funnel, outcomes, calls under way) is asked for again, at most every two seconds. */
export function useCampaign(id: string) {
  const queries = useQueryClient()
  const query = useQuery({ queryKey: ['campaigns', id], queryFn: () => data(api.GET('/campaigns/{id}', { params: { path: { id } } })) })
  const again = useCalm(() => void queries.invalidateQueries({ queryKey: ['campaigns', id], exact: true }), 2000, id)
  useLive('campaign', e => {
    const told = e as unknown as Campaign
    if (told.id !== id) return
    queries.setQueryData<CampaignDetail>(['campaigns', id], old => old && merge(old, told))
    again()
  })
  return query
}
