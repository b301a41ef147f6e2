import { api, data } from '@/platform/api'
import { phone } from '@/platform/format'

/** Hit is one thing the palette found. */
export interface Hit { group: string; label: string; note?: string; to: string }

interface Source { page: string; right: string; find: (q: string) => Promise<Hit[]> }

const limit = 5

const sources: Source[] = [
  {
    page: '/campaigns', right: 'campaign:read',
    find: async q => (await data(api.GET('/campaigns', { params: { query: { q, limit } } }))).items.map(c => ({ group: 'frame.menu.campaigns', label: c.name, to: `/campaigns/${c.id}` })),
  },
  {
    page: '/scripts', right: 'script:read',
    find: async q => (await data(api.GET('/scripts', { params: { query: { q, limit } } }))).items.map(s => ({ group: 'frame.menu.scripts', label: s.name, to: `/scripts/${s.id}` })),
  },
  {
    page: '/customers', right: 'customer:read',
    find: async q => (await data(api.GET('/customers', { params: { query: { q, limit } } }))).items.map(c => ({ group: 'frame.menu.customers', label: c.name || phone(c.number), note: phone(c.number), to: `/customers/${c.id}` })),
  },
  {
    page: '/calls', right: 'call:read',
    find: async q => (await data(api.GET('/calls', { params: { query: { q, limit } } }))).items.map(c => ({ group: 'frame.menu.calls', label: c.name || phone(c.number), note: `${phone(c.number)} · ${c.grade}`, to: `/calls/${c.id}` })),
  },
]

/** seek asks every list the person may see. One that fails leaves the others standing. */
export async function seek(q: string, can: (right?: string) => boolean, exists: (path: string) => boolean): Promise<Hit[]> {
  const asked = sources.filter(s => can(s.right) && exists(s.page)).map(s => s.find(q))
  return (await Promise.allSettled(asked)).flatMap(r => (r.status === 'fulfilled' ? r.value : []))
}
