import type { Action } from '@/platform/action'
import { api } from '@/platform/api'
import type { TimeTemplate } from '@/platform/types'

export const actions: Action<TimeTemplate>[] = [
  {
    name: 'delete', label: 'platform.delete', right: 'template:write', danger: true, touches: ['time-templates'], done: 'timetemplate.deleted', can: t => t.used_by === 0,
    confirm: t => ({ title: 'timetemplate.deleteTitle', body: 'timetemplate.deleteText', args: { name: t.name }, type: t.name }),
    run: t => api.DELETE('/time-templates/{id}', { params: { path: { id: t.id } } }),
  },
]
