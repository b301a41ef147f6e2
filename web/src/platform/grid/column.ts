import type { ReactNode } from 'react'

/** Column is one column of a list as data. Its key is the server's field where it sorts. */
export interface Column<T> {
  key: string
  title: string                        // a key of the language files
  render: (row: T) => ReactNode
  width?: number
  align?: 'right'
  sort?: boolean
  hidden?: boolean                     // off until a person switches it on
  fixed?: boolean                      // cannot be switched off
  primary?: boolean                    // links to the row's page
}

/** Layout is what a person changed about a list; it is kept in this browser. */
export interface Layout { shown?: string[]; dense?: boolean; limit?: number }

/** visible are the columns to show, in their given order; a column that is new since the layout was saved shows by its default. */
export function visible<T>(columns: readonly Column<T>[], layout: Layout): Column<T>[] {
  if (!layout.shown) return columns.filter(c => !c.hidden)
  const on = new Set(layout.shown)
  return columns.filter(c => c.fixed || c.primary || on.has(c.key))
}

/** turn is the next sort after a click on a column: down, up, the list's own order (''). */
export function turn(sort: string | undefined, key: string): string {
  return sort === `-${key}` ? key : sort === key ? '' : `-${key}`
}
