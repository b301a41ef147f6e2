import type { Screen } from '@/routes'

export const screens: Screen[] = [{ path: '/profile', load: () => import('./Profile') }]
