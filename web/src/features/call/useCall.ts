import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api, data } from '@/platform/api'
import { useCalm } from '@/platform/calm'
import { useLive } from '@/platform/live'

/** useCall is one call; while it is under way it is asked for again at every sentence. */
export function useCall(id: string) {
  const queries = useQueryClient()
  const query = useQuery({ queryKey: ['calls', id], queryFn: () => data(api.GET('/calls/{id}', { params: { path: { id } } })) })
  const again = useCalm(() => void queries.invalidateQueries({ queryKey: ['calls', id], exact: true }), 500, id)
  const live = query.data && !query.data.ended_at
  useLive(live ? 'turn' : null, e => { if (e.call === id && !e.partial) again() })
  useLive('call', e => { if (e.id === id) again() })
  return query
}
