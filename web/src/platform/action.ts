import type { ReactNode } from 'react'

/** Confirm is what is asked before something happens: it names the thing and says what will follow. */
export interface Confirm {
  title: string                       // keys; args fill their blanks
  body?: string
  args?: Record<string, unknown>
  type?: string                       // for what cannot be undone: the name to type
}

/**
 * Action is what a person can do to a row. Toolbar, row menu, detail page and
 * permission all read one list of these.
 */
export interface Action<T> {
  name: string
  label: string                       // key of the verb on the button
  icon?: ReactNode
  right?: string                      // hidden without it
  can?: (row: T) => boolean           // hidden where the row's state does not allow it
  confirm?: (row: T) => Confirm
  run: (row: T) => unknown            // a promise that is rejected is shown as the failure it is
  done?: string                       // key of what is said afterwards
  touches?: readonly string[]         // lists and details to fetch again, by the first part of their query key
  danger?: boolean
  primary?: boolean
}

/** BulkAction is done to all ticked rows at once. */
export interface BulkAction<T> extends Omit<Action<T[]>, 'can'> {
  each?: (row: T) => boolean          // only such rows can be ticked
}

/** allowed keeps the actions that this person may do to this row now. */
export function allowed<T>(actions: readonly Action<T>[], row: T, can: (right?: string) => boolean): Action<T>[] {
  return actions.filter(a => can(a.right) && (a.can?.(row) ?? true))
}
