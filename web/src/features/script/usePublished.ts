import { useQuery } from '@tanstack/react-query'
import { api, data } from '@/platform/api'

/** usePublished are the scripts that a campaign can use. */
export function usePublished(enabled = true) {
  return useQuery({ queryKey: ['scripts', 'published'], queryFn: () => data(api.GET('/scripts', { params: { query: { state: 'published', limit: 200 } } })), enabled })
}
