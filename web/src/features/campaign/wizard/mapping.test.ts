import { expect, it } from 'vitest'
import { guessed, lacking, mapping, put, type Column } from './mapping'

const headers = [['A', '姓名', 'name'], ['B', '电话', 'phone'], ['C', '项目', 'var'], ['D', '备注', 'ignore']].map(([column, title, guess]) => ({ column: column!, title: title!, guess: guess!, sample: [] }))
const columns = guessed(headers)

it('sends what was guessed', () => expect(mapping(columns, '客户')).toEqual({ phone: 'B', name: 'A', sheet: '客户', vars: { C: '项目' } }))
it('shows what was chosen before', () => {
  expect(guessed(headers, { phone: 'D', vars: { B: '座机' } }).map(c => [c.use, c.as])).toEqual([['ignore', '姓名'], ['var', '座机'], ['ignore', '项目'], ['phone', '备注']])
})
it('has one phone column', () => expect(put(columns, 'D', { use: 'phone' }).map(c => c.use)).toEqual(['name', 'var', 'var', 'phone']))
it.each<[string, Column[], string | undefined]>([
  ['complete', columns, undefined],
  ['no phone', put(columns, 'B', { use: 'ignore' }), 'campaign.map.noPhone'],
  ['unnamed', put(columns, 'C', { as: ' ' }), 'campaign.map.unnamed'],
  ['twice', put(columns, 'D', { use: 'var', as: '项目' }), 'campaign.map.twice'],
])('%s', (_, cs, want) => expect(lacking(cs)).toBe(want))
