import { UserAddOutlined } from '@ant-design/icons'
import { Skeleton } from 'antd'
import { lazy, Suspense, useState } from 'react'
import type { Action, BulkAction } from '@/platform/action'
import { api, data } from '@/platform/api'
import { Grid } from '@/platform/grid/Grid'
import type { Call } from '@/platform/types'
import { columnsOf, nameOf } from './columns'
import { useFilters } from './filters'

const Assign = lazy(() => import('./AssignCalls'))
const Quick = lazy(() => import('./Quick').then(m => ({ default: m.Quick }))) // with the player

/** Giving is a choice of calls being given to a rep; done is called when it was made. */
interface Giving { calls: Call[]; done: () => void }

/** CallGrid is the list of call records, of all campaigns or of one. */
export function CallGrid({ campaign }: { campaign?: string }) {
  const filters = useFilters(!!campaign)
  const [giving, setGiving] = useState<Giving | null>(null)
  // Of many, the promise of a choice that was closed again stays open: nothing is said and the ticks stay.
  const give = (calls: Call[]) => new Promise<void>(done => setGiving({ calls, done }))
  const words = { name: 'assign', label: 'call.assign', right: 'customer:assign', icon: <UserAddOutlined /> }
  const actions: Action<Call>[] = [{ ...words, can: c => !c.assigned_to, run: c => setGiving({ calls: [c], done: () => {} }) }]
  const bulk: BulkAction<Call>[] = [{ ...words, each: c => !c.assigned_to, run: give }]
  return (
    <>
      <Grid name="calls" label="call.title" columns={columnsOf(!!campaign)} filters={filters} fixed={campaign ? { campaign } : undefined} actions={actions} bulk={bulk} nameOf={nameOf}
        load={q => data(api.GET('/calls', { params: { query: q } }))} open={c => `/calls/${c.id}`} peek={id => <Suspense fallback={<Skeleton active paragraph={{ rows: 12 }} />}><Quick id={id} /></Suspense>}
        exportTo={{ path: '/calls/export', right: 'call:export' }} news={{ topic: 'call', isNew: e => e.state === 'ended' && (!campaign || e.campaign === campaign) }}
        empty={{ title: 'call.empty', text: campaign ? 'call.emptyInCampaign' : 'call.emptyHint' }} />
      <Suspense>{giving && <Assign calls={giving.calls} done={giving.done} close={() => setGiving(null)} />}</Suspense>
    </>
  )
}
