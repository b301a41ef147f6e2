import type { Screen } from '@/routes'

export const screens: Screen[] = [
  { path: '/campaigns', right: 'campaign:read', load: () => import('./List') },
  { path: '/campaigns/new', right: 'campaign:write', load: () => import('./wizard/New') },
  { path: '/campaigns/:id', right: 'campaign:read', load: () => import('./Detail') },
]
