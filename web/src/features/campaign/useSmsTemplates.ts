import { useQuery } from '@tanstack/react-query'
import { api, data } from '@/platform/api'

/** useSmsTemplates are the SMS templates, those that are switched off too. */
export function useSmsTemplates(enabled = true) {
  return useQuery({ queryKey: ['sms-templates'], queryFn: async () => (await data(api.GET('/sms/templates'))) ?? [], enabled })
}
