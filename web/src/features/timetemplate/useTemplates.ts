import { useQuery } from '@tanstack/react-query'
import { api, data } from '@/platform/api'

/** useTemplates are the time templates to choose from. */
export function useTemplates() {
  return useQuery({ queryKey: ['time-templates', 'choices'], queryFn: () => data(api.GET('/time-templates')) })
}
