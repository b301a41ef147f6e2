import { expect, it } from 'vitest'
import { Problem } from './problem'
import { standing } from './standing'

const query = (data: string | undefined, status?: number) => ({ data, isError: status !== undefined, error: status === undefined ? null : new Problem({ status }), refetch: () => {} })

it.each([
  [undefined, undefined, 'bones'], [undefined, 500, 'failure'], ['x', undefined, 'data'],
  ['x', 0, 'stale'], ['x', 503, 'stale'],
  ['x', 404, 'failure'], ['x', 403, 'failure'],
])('data %s, status %s: %s', (data, status, want) => expect(standing(query(data, status)).show).toBe(want))
