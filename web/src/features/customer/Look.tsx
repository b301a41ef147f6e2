import { useQuery } from '@tanstack/react-query'
import { api, data } from '@/platform/api'
import { Part } from '@/platform/Loaded'
import { BasicFacts, History } from './parts'

/** useCustomer is one customer with the calls there were. */
export function useCustomer(id: string) {
  return useQuery({ queryKey: ['customers', id], queryFn: () => data(api.GET('/customers/{id}', { params: { path: { id } } })) })
}

/** Look is the quick look at a customer from the list. */
export function Look({ id }: { id: string }) {
  const query = useCustomer(id)
  return <Part query={query} rows={10}>{c => <div className="stack" style={{ gap: 20 }}><BasicFacts customer={c} /><History of={c} slim /></div>}</Part>
}
