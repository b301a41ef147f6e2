import type { Screen } from '@/routes'

export const screens: Screen[] = [
  { path: '/customers', right: 'customer:read', load: () => import('./List') },
  { path: '/my-customers', right: 'customer:read', load: () => import('./Mine') },
  { path: '/customers/:id', right: 'customer:read', load: () => import('./Detail') },
]
