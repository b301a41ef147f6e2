import type { Import } from '@/platform/types'

// What each column of the file is. Pure.

export type Use = 'phone' | 'name' | 'var' | 'ignore'
export interface Column { column: string; title: string; use: Use; as: string }
type Header = NonNullable<Import['sheet']['headers']>[number]

/** guessed are the columns as the server guessed them; a variable is called as its column is. */
export function guessed(headers: readonly Header[], chosen?: Import['mapping']): Column[] {
  return headers.map(h => ({ column: h.column, title: h.title, use: chosen?.phone ? used(h.column, chosen) : (h.guess as Use), as: chosen?.vars?.[h.column] ?? h.title }))
}

function used(column: string, m: Import['mapping']): Use {
  return m.phone === column ? 'phone' : m.name === column ? 'name' : m.vars?.[column] ? 'var' : 'ignore'
}

/** put gives a column its use. There is one phone and one name: whoever had it becomes a variable. */
export function put(columns: readonly Column[], column: string, change: Partial<Column>): Column[] {
  const single = change.use === 'phone' || change.use === 'name'
  return columns.map(c => (c.column === column ? { ...c, ...change } : single && c.use === change.use ? { ...c, use: 'var' as const } : c))
}

/** lacking is the key of what keeps the columns from being used, undefined when they can be. */
export function lacking(columns: readonly Column[]): string | undefined {
  if (!columns.some(c => c.use === 'phone')) return 'campaign.map.noPhone'
  const vars = columns.filter(c => c.use === 'var').map(c => c.as.trim())
  if (vars.some(v => !v)) return 'campaign.map.unnamed'
  return new Set(vars).size < vars.length ? 'campaign.map.twice' : undefined
}

/** mapping is what the server is sent. */
export function mapping(columns: readonly Column[], sheet: string): Import['mapping'] {
  const of = (use: Use) => columns.find(c => c.use === use)?.column
  const vars = columns.filter(c => c.use === 'var').map(c => [c.column, c.as.trim()])
  return { phone: of('phone') ?? '', ...(of('name') ? { name: of('name') } : {}), ...(sheet ? { sheet } : {}), vars: Object.fromEntries(vars) }
}
