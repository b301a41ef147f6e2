import { asProblem } from './problem'

/** Fetched is what of a query decides how its place looks. */
export interface Fetched<T> { data: T | undefined; error: unknown; isError: boolean; refetch: () => unknown }

type Shown = 'data' | 'stale' | 'failure' | 'bones'

// What these say is true of what is shown too: it is gone, or not for this person any more.
const final = [403, 404, 410]

/** standing is what a place shows: the data, the data that could not be refreshed, the failure, or the bones of what is to come. */
export function standing<T>(query: Fetched<T>): { show: Shown; data?: T } {
  const { data, isError, error } = query
  if (data === undefined || data === null) return { show: isError ? 'failure' : 'bones' }
  if (!isError) return { show: 'data', data }
  return final.includes(asProblem(error).status) ? { show: 'failure' } : { show: 'stale', data }
}
