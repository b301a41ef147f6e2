import { expect, it } from 'vitest'
import { byField } from './field'

const p = (path: string, message: string) => ({ path, key: 'x', message })

it('puts each problem under its field, the first one wins, the rest goes to the summary', () => {
  const found = byField([p('name', 'too long'), p('/ranges/0/from', 'not a time'), p('body.name', 'taken'), p('zone', 'unknown'), p('', 'no')], ['name', 'ranges'])
  expect(found).toEqual({ at: { name: 'too long', ranges: 'not a time' }, rest: ['unknown', 'no'] })
})
