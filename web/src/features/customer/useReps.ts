import { useQuery } from '@tanstack/react-query'
import { api, data } from '@/platform/api'

/** useReps are the sales reps; asked for only where it is enabled. */
export function useReps(enabled = true) {
  return useQuery({ queryKey: ['users', 'sales'], queryFn: () => data(api.GET('/users', { params: { query: { role: 'sales' } } })), enabled })
}
