import type { Screen } from '@/routes'

export const screens: Screen[] = [
  { path: '/scripts', right: 'script:read', load: () => import('./List') },
  { path: '/scripts/:id', right: 'script:read', load: () => import('./Detail') },
]
