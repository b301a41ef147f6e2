import type { Screen } from '@/routes'

export const screens: Screen[] = [{ path: '/', load: () => import('./Home') }]
