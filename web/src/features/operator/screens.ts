import type { Screen } from '@/routes'

export const screens: Screen[] = [
  { path: '/operator/tenants', right: 'tenant:read', load: () => import('./Tenants') },
  { path: '/operator/health', right: 'system:read', load: () => import('./Health') },
  { path: '/system', right: 'system:read', load: () => import('./Health') },
]
