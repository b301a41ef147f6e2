import type { Action } from '@/platform/action'
import { api } from '@/platform/api'
import type { Seat } from '@/platform/types'

const set = (seat: Seat, enabled: boolean) => api.PATCH('/seats/{id}', { params: { path: { id: seat.id } }, body: { enabled } })

export const actions: Action<Seat>[] = [
  {
    name: 'disable', label: 'seat.disable', right: 'seat:write', danger: true, touches: ['seats'], done: 'seat.disabled',
    can: s => s.state === 'idle' || s.state === 'in_service',
    confirm: s => ({ title: 'seat.disableTitle', body: s.state === 'in_service' ? 'seat.disableBusy' : 'seat.disableIdle', args: { name: s.name } }),
    run: s => set(s, false),
  },
  { name: 'enable', label: 'seat.enable', right: 'seat:write', touches: ['seats'], done: 'seat.enabled', can: s => s.state === 'disabled', run: s => set(s, true) },
]
