import type { Screen } from '@/routes'

export const screens: Screen[] = [{ path: '/dnc', right: 'dnc:read', load: () => import('./List') }]
