import type { Screen } from '@/routes'

export const screens: Screen[] = [{ path: '/login', bare: true, load: () => import('./Login') }]
