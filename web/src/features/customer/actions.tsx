import { DeleteOutlined, EditOutlined, UserAddOutlined } from '@ant-design/icons'
import type { Action, BulkAction } from '@/platform/action'
import { api } from '@/platform/api'
import type { Customer } from '@/platform/types'
import { nameOf } from './columns'

/** Open is a drawer over some customers; done is called when what it asks for was chosen. */
export interface Open { what: 'edit' | 'assign'; rows: Customer[]; done: () => void }

/** actionsOf are what can be done to one customer. Those that open a drawer are done when it is open. */
export function actionsOf(show: (open: Open) => void, gone?: () => unknown): Action<Customer>[] {
  const open = (what: Open['what']) => (c: Customer) => show({ what, rows: [c], done: () => {} })
  return [
    { name: 'edit', label: 'platform.edit', right: 'customer:write', icon: <EditOutlined />, run: open('edit') },
    { ...assign, can: c => !c.owner, run: open('assign') },
    {
      name: 'delete', label: 'platform.delete', right: 'customer:assign', icon: <DeleteOutlined />, danger: true, touches: ['customers'], done: 'customer.deleted',
      confirm: c => ({ title: 'customer.deleteTitle', body: 'customer.deleteText', args: { name: nameOf(c) }, type: nameOf(c) }),
      run: async c => { await api.DELETE('/customers/{id}', { params: { path: { id: c.id } } }); await gone?.() },
    },
  ]
}

const assign = { name: 'assign', label: 'customer.assign', right: 'customer:assign', icon: <UserAddOutlined /> }

/** bulkOf are what can be done to many: the ticks go when the choice was made, and stay when it was not. */
export function bulkOf(show: (open: Open) => void): BulkAction<Customer>[] {
  return [{ ...assign, each: c => !c.owner, run: rows => new Promise<void>(done => show({ what: 'assign', rows, done })) }]
}
