/** Entry is one line of the menu; its label is a key. Words and order are UI.md's. */
export interface Entry { path: string; label: string; right?: string }
export interface Group { name: string; label?: string; entries: Entry[] }

export const tenantMenu: Group[] = [
  { name: 'home', entries: [{ path: '/', label: 'frame.menu.home', right: 'home:read' }] },
  {
    name: 'outbound', label: 'frame.menu.outbound', entries: [
      { path: '/campaigns', label: 'frame.menu.campaigns', right: 'campaign:read' },
      { path: '/calls', label: 'frame.menu.calls', right: 'call:read' },
      { path: '/scripts', label: 'frame.menu.scripts', right: 'script:read' },
      { path: '/seats', label: 'frame.menu.seats', right: 'seat:read' },
      { path: '/time-templates', label: 'frame.menu.templates', right: 'template:read' },
      { path: '/dnc', label: 'frame.menu.dnc', right: 'dnc:read' },
    ],
  },
  {
    name: 'customer', label: 'frame.menu.customer', entries: [
      { path: '/customers', label: 'frame.menu.customers', right: 'customer:read' },
      { path: '/my-customers', label: 'frame.menu.mine', right: 'customer:read' },
    ],
  },
  {
    name: 'system', label: 'frame.menu.system', entries: [
      { path: '/sandbox', label: 'frame.menu.sandbox', right: 'sandbox:read' },
      { path: '/system', label: 'frame.menu.health', right: 'system:read' },
    ],
  },
]

export const operatorMenu: Group[] = [
  {
    name: 'operator', entries: [
      { path: '/operator/tenants', label: 'frame.menu.tenants', right: 'tenant:read' },
      { path: '/operator/health', label: 'frame.menu.health', right: 'system:read' },
    ],
  },
]

/** offered keeps what the person may see and what exists; a group without entries goes too. */
export function offered(menu: readonly Group[], can: (right?: string) => boolean, exists: (path: string) => boolean): Group[] {
  return menu.map(g => ({ ...g, entries: g.entries.filter(e => can(e.right) && exists(e.path)) })).filter(g => g.entries.length)
}

/** here is the entry whose page this address is, or under whose page it lies. */
export function here(menu: readonly Group[], address: string): Entry | undefined {
  const under = (e: Entry) => e.path === address || (e.path !== '/' && address.startsWith(e.path + '/'))
  return menu.flatMap(g => g.entries).filter(under).sort((a, b) => b.path.length - a.path.length)[0]
}

/** matches says whether what was typed names this label, letters in order: 话列 finds 话术列表. */
export function matches(typed: string, label: string): boolean {
  let i = 0
  const want = typed.toLowerCase().replace(/\s/g, '')
  for (const c of label.toLowerCase()) if (c === want[i]) i++
  return i === want.length
}
