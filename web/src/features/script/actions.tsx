import { DownloadOutlined } from '@ant-design/icons'
import type { Action } from '@/platform/action'
import { api, link } from '@/platform/api'
import type { Script } from '@/platform/types'

const fetchFile = (s: Script, format: 'xlsx' | 'json') => { location.assign(link(`/scripts/${s.id}/download`, { format })) }

export const actions: Action<Script>[] = [
  {
    name: 'publish', label: 'script.publish', right: 'script:write', primary: true, touches: ['scripts', 'tasks'], done: 'script.publishing',
    can: s => s.state === 'draft' || s.version > s.published_version,
    confirm: s => ({ title: 'script.publishTitle', body: s.used_by ? 'script.publishUsed' : 'script.publishText', args: { name: s.name, version: s.version, count: s.used_by } }),
    run: s => api.POST('/scripts/{id}/publish', { params: { path: { id: s.id } } }),
  },
  { name: 'xlsx', label: 'script.asExcel', icon: <DownloadOutlined />, run: s => fetchFile(s, 'xlsx') },
  { name: 'json', label: 'script.asJson', icon: <DownloadOutlined />, run: s => fetchFile(s, 'json') },
  {
    name: 'delete', label: 'platform.delete', right: 'script:write', danger: true, touches: ['scripts'], done: 'script.deleted', can: s => s.used_by === 0,
    confirm: s => ({ title: 'script.deleteTitle', body: 'script.deleteText', args: { name: s.name }, type: s.state === 'published' ? s.name : undefined }),
    run: s => api.DELETE('/scripts/{id}', { params: { path: { id: s.id } } }),
  },
]
