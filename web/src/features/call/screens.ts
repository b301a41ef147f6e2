import type { Screen } from '@/routes'

const detail = () => import('./Detail')

// /m/calls/:id is where a WeChat message leads: the same page, which fits a phone.
export const screens: Screen[] = [
  { path: '/calls', right: 'call:read', load: () => import('./List') },
  { path: '/calls/:id', right: 'call:read', load: detail },
  { path: '/m/calls/:id', right: 'call:read', load: detail },
]
