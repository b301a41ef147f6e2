// Walking through a list: to the next row, and from page to page. Pure.

/** beside is the row that is looked at, where it is on this page, and the ids of those beside it. */
export function beside<T extends { id: string }>(rows: readonly T[], id: string | null): { row?: T; previous?: string; next?: string } {
  const at = rows.findIndex(r => r.id === id)
  return at < 0 ? {} : { row: rows[at], previous: rows[at - 1]?.id, next: rows[at + 1]?.id }
}

/** Walk is where a person is in a list: what was asked for, and the cursors of the pages behind the first. */
export interface Walk { asked: string; cursors: string[] }

/** resumed are the cursors to go on with when a list comes back in the history; none where something else was asked for. */
export function resumed(kept: string | null, asked: string): string[] {
  try {
    const walk = JSON.parse(kept ?? 'null') as Partial<Walk> | null
    return walk?.asked === asked && Array.isArray(walk.cursors) ? walk.cursors.filter(c => typeof c === 'string') : []
  } catch {
    return []
  }
}

/** typed is what a search box shows once its words are in force: what the person typed, spaces and all, if it means the same. */
export function typed(text: string, value: string): string { return text.trim() === value ? text : value }
