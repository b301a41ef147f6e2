import { lazy, Suspense, useState, type ReactNode } from 'react'
import type { Action, BulkAction } from '@/platform/action'
import { api, data } from '@/platform/api'
import type { Customer } from '@/platform/types'
import { actionsOf, bulkOf, type Open } from './actions'
import { nameOf } from './columns'

const Assign = lazy(() => import('./Assign'))
const Edit = lazy(() => import('./Edit'))

async function give(rows: Customer[], rep: string, view: 'masked' | 'full') {
  const got = await data(api.POST('/customers/assign', { body: { ids: rows.map(c => c.id), user_id: rep, view } }))
  const who = (id: string) => { const c = rows.find(x => x.id === id); return c ? nameOf(c) : id }
  return { assigned: got.assigned, refused: got.refused.map(r => ({ name: who(r.id), text: r.text })) }
}

/** useCustomerActions are what can be done to customers, and the drawers that some of it needs. gone is called after a deletion. */
export function useCustomerActions(gone?: () => unknown): { actions: Action<Customer>[]; bulk: BulkAction<Customer>[]; drawers: ReactNode } {
  const [open, setOpen] = useState<Open | null>(null)
  const close = () => setOpen(null)
  const drawers = open && <Suspense>
    {open.what === 'edit' && <Edit customer={open.rows[0]!} close={close} />}
    {open.what === 'assign' && <Assign count={open.rows.length} give={(rep, view) => give(open.rows, rep, view)} touches={['customers', 'calls']} done={open.done} close={close} />}
  </Suspense>
  return { actions: actionsOf(setOpen, gone), bulk: bulkOf(setOpen), drawers }
}
