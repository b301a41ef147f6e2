import type { Screen } from '@/routes'

export const screens: Screen[] = [{ path: '/sandbox', right: 'sandbox:read', load: () => import('./Sandbox') }]
