import { expect, it } from 'vitest'
import { safeTarget } from './target'

it.each([
  ['/calls?grade=A', '/calls?grade=A'], [null, '/'], ['//evil.example', '/'], ['/\\evil.example', '/'], ['https://evil.example', '/'], ['/login?to=/login', '/'],
])('%s leads to %s', (to, want) => expect(safeTarget(to)).toBe(want))
