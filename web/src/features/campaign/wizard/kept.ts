import { blank, steps, type Draft, type Step } from './draft'

// A draft outlives a look at another page, a reload and the end of a session, in this tab and for its person.

const key = 'yd.draft'

/** Kept is a draft and the step on which it was left. */
export interface Kept { draft: Draft; step: Step }

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** keep remembers a draft of a person, without the first rows of the file: numbers have no place in a browser's storage. */
export function keep(store: Store, user: string, { draft, step }: Kept) {
  const sheet = draft.list?.sheet
  const list = draft.list && sheet ? { ...draft.list, sheet: { ...sheet, headers: sheet.headers?.map(h => ({ ...h, sample: [] })) ?? null, preview: [] } } : null
  store.setItem(key, JSON.stringify({ user, draft: { ...draft, list }, step }))
}

/** forget drops the draft: it became a campaign, or is not wanted. */
export function forget(store: Store) { store.removeItem(key) }

/** recall is the draft that this person left; null where there is none. */
export function recall(store: Store, user: string): Kept | null {
  try {
    const { user: whose, draft, step } = JSON.parse(store.getItem(key) ?? '{}') as Partial<Kept> & { user?: string }
    if (whose !== user || !draft) return null
    return { draft: { ...blank, ...draft }, step: steps.find(s => s === step) ?? 'leads' }
  } catch {
    return null
  }
}
