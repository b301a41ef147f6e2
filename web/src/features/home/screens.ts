import type { Screen } from '@/routes'

export const screens: Screen[] = [{ path: '/', right: 'home:read', load: () => import('./Home') }]
