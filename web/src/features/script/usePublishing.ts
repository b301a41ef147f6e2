import { useQueryClient } from '@tanstack/react-query'
import { useCalm } from '@/platform/calm'
import { useLive } from '@/platform/live'

/** usePublishing keeps scripts fresh while one is being published: its progress, and the moment it goes live or fails. No id: their list. */
export function usePublishing(id?: string) {
  const queries = useQueryClient()
  const again = useCalm(() => void queries.invalidateQueries({ queryKey: id ? ['scripts', id] : ['scripts'] }), 1000, id)
  useLive('task', e => { if (e.kind === 'publish' && (id || e.state === 'done' || e.state === 'failed')) again() })
}
