import { expect, it } from 'vitest'
import { asProblem, Problem, problemOf } from './problem'

it.each([
  ['POST', 0, true], ['PATCH', 502, true], ['DELETE', 504, true], ['GET', 0, false], ['GET', 502, false], ['POST', 500, false], ['POST', 409, false],
])('%s answered by %s: unsure %s', (method, status, want) => expect(new Problem({ status }, method).unsure).toBe(want))

it('a write whose answer was lost is not the same as a read', () => {
  const lost = new TypeError('Failed to fetch')
  expect([asProblem(lost).unsure, asProblem(lost, 'POST').unsure, asProblem(lost, 'POST').offline]).toEqual([false, true, true])
})

it('reads what a server says of itself', async () => {
  const problem = await problemOf(new Response('{"key":"a.b","detail":"no","ref":"r1"}', { status: 409 }), 'POST')
  expect(problem).toMatchObject({ status: 409, key: 'a.b', message: 'no', ref: 'r1', method: 'POST' })
})
