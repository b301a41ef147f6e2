import { useQuery } from '@tanstack/react-query'
import { Skeleton } from 'antd'
import { api, data } from '@/platform/api'
import { Failure } from '@/platform/Errors'
import { BasicFacts, History } from './parts'

/** useCustomer is one customer with the calls there were. */
export function useCustomer(id: string) {
  return useQuery({ queryKey: ['customers', id], queryFn: () => data(api.GET('/customers/{id}', { params: { path: { id } } })) })
}

/** Look is the quick look at a customer from the list. */
export function Look({ id }: { id: string }) {
  const query = useCustomer(id)
  if (query.isError) return <Failure error={query.error} retry={() => query.refetch()} />
  if (!query.data) return <Skeleton active paragraph={{ rows: 10 }} />
  return <div className="stack" style={{ gap: 20 }}><BasicFacts customer={query.data} /><History of={query.data} slim /></div>
}
