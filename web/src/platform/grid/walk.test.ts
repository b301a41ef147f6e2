import { expect, it } from 'vitest'
import { beside, resumed, typed } from './walk'

const rows = [{ id: 'a' }, { id: 'b' }, { id: 'c' }]

it.each([
  ['b', { row: { id: 'b' }, previous: 'a', next: 'c' }], ['a', { row: { id: 'a' }, next: 'b' }], ['c', { row: { id: 'c' }, previous: 'b' }],
  ['gone', {}], [null, {}],
])('beside %s', (id, want) => expect(beside(rows, id)).toEqual(want))

it.each([
  [JSON.stringify({ asked: 'x', cursors: ['2', '3'] }), ['2', '3']], [JSON.stringify({ asked: 'y', cursors: ['2'] }), []],
  ['{', []], ['null', []], [null, []], [JSON.stringify({ asked: 'x' }), []],
])('%s goes on with %j', (kept, want) => expect(resumed(kept, 'x')).toEqual(want))

it.each([['王 ', '王', '王 '], ['王芳', '王', '王'], ['', '王', '王'], [' ', '', ' ']])('typed %j, in force %j', (text, value, want) => expect(typed(text, value)).toBe(want))
