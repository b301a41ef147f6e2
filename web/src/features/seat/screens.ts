import type { Screen } from '@/routes'

export const screens: Screen[] = [{ path: '/seats', right: 'seat:read', load: () => import('./List') }]
