import { api, data } from '@/platform/api'
import type { Call } from '@/platform/types'
import Assign from '../customer/Assign'
import { nameOf } from './columns'

interface Props { calls: readonly Call[]; done: () => void; close: () => void }

/** AssignCalls gives the customers of some calls to a rep (FEATURES A3.6); those already given are told one by one. */
export default function AssignCalls({ calls, done, close }: Props) {
  async function give(rep: string, view: 'masked' | 'full') {
    const got = await data(api.POST('/calls/assign', { body: { call_ids: calls.map(c => c.id), user_id: rep, view } }))
    const who = (id: string) => { const c = calls.find(x => x.id === id); return c ? nameOf(c) : id }
    return { assigned: got.assigned, refused: got.refused.map(r => ({ name: who(r.id), text: r.text })) }
  }
  return <Assign count={calls.length} give={give} touches={['calls', 'customers', 'call']} done={done} close={close} />
}
