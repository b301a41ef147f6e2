import type { Screen } from '@/routes'

export const screens: Screen[] = [{ path: '/time-templates', right: 'template:read', load: () => import('./List') }]
