import { DownloadOutlined } from '@ant-design/icons'
import type { Action } from '@/platform/action'
import { api } from '@/platform/api'
import { download } from '@/platform/download'
import type { Script } from '@/platform/types'

/** publishing says that the newest version is being prepared. Only the script itself tells; a list does not. */
export function publishing(s: Script & { versions?: readonly { version: number; state: string }[] }): boolean {
  return !!s.versions?.some(v => v.version === s.version && v.state === 'publishing')
}

const file = (format: 'xlsx' | 'json') => (s: Script) => download(`/scripts/${s.id}/download`, { format })

/** actionsOf are what can be done to a script. gone is called after a deletion. */
export function actionsOf(gone?: () => unknown): Action<Script>[] {
  return [
    {
      name: 'publish', label: 'script.publish', right: 'script:write', primary: true, touches: ['scripts', 'tasks'], done: 'script.publishing',
      can: s => (s.state === 'draft' || s.version > s.published_version) && !publishing(s),
      confirm: s => ({ title: 'script.publishTitle', body: s.used_by ? 'script.publishUsed' : 'script.publishText', args: { name: s.name, version: s.version, count: s.used_by } }),
      run: s => api.POST('/scripts/{id}/publish', { params: { path: { id: s.id } } }),
    },
    { name: 'xlsx', label: 'script.asExcel', icon: <DownloadOutlined />, run: file('xlsx') },
    { name: 'json', label: 'script.asJson', icon: <DownloadOutlined />, run: file('json') },
    {
      name: 'delete', label: 'platform.delete', right: 'script:write', danger: true, touches: ['scripts'], done: 'script.deleted', can: s => s.used_by === 0,
      confirm: s => ({ title: 'script.deleteTitle', body: 'script.deleteText', args: { name: s.name }, type: s.name }),
      run: async s => { await api.DELETE('/scripts/{id}', { params: { path: { id: s.id } } }); await gone?.() },
    },
  ]
}
