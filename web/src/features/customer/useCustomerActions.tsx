import { DeleteOutlined, EditOutlined, UserAddOutlined } from '@ant-design/icons'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import type { Action, BulkAction } from '@/platform/action'
import { api, data } from '@/platform/api'
import type { Customer } from '@/platform/types'
import { nameOf } from './columns'

const Assign = lazy(() => import('./Assign'))
const Edit = lazy(() => import('./Edit'))

interface Open { what: 'edit' | 'assign'; rows: Customer[]; done: () => void }

async function give(rows: Customer[], rep: string, view: 'masked' | 'full') {
  const got = await data(api.POST('/customers/assign', { body: { ids: rows.map(c => c.id), user_id: rep, view } }))
  const who = (id: string) => { const c = rows.find(x => x.id === id); return c ? nameOf(c) : id }
  return { assigned: got.assigned, refused: got.refused.map(r => ({ name: who(r.id), text: r.text })) }
}

/** useCustomerActions are what can be done to customers, and the drawers that some of it needs. gone is called after a deletion. */
export function useCustomerActions(gone?: () => void): { actions: Action<Customer>[]; bulk: BulkAction<Customer>[]; drawers: ReactNode } {
  const [open, setOpen] = useState<Open | null>(null)
  const show = (what: Open['what']) => (rows: Customer[]) => new Promise<void>(done => setOpen({ what, rows, done }))
  const close = () => setOpen(null)
  const assign = { name: 'assign', label: 'customer.assign', right: 'customer:assign', icon: <UserAddOutlined /> }
  const actions: Action<Customer>[] = [
    { name: 'edit', label: 'platform.edit', right: 'customer:write', icon: <EditOutlined />, run: c => show('edit')([c]) },
    { ...assign, can: c => !c.owner, run: c => show('assign')([c]) },
    {
      name: 'delete', label: 'platform.delete', right: 'customer:assign', icon: <DeleteOutlined />, danger: true, touches: ['customers'], done: 'customer.deleted',
      confirm: c => ({ title: 'customer.deleteTitle', body: 'customer.deleteText', args: { name: nameOf(c) } }),
      run: async c => { await api.DELETE('/customers/{id}', { params: { path: { id: c.id } } }); gone?.() },
    },
  ]
  const drawers = open && <Suspense>
    {open.what === 'edit' && <Edit customer={open.rows[0]!} close={close} />}
    {open.what === 'assign' && <Assign count={open.rows.length} give={(rep, view) => give(open.rows, rep, view)} touches={['customers', 'calls']} done={open.done} close={close} />}
  </Suspense>
  return { actions, bulk: [{ ...assign, each: c => !c.owner, run: show('assign') }], drawers }
}
