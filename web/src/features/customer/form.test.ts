import { expect, it } from 'vitest'
import type { Customer } from '@/platform/types'
import { basics, change, fieldsOf } from './form'

const wang = { id: '1', name: '王芳', number: '138 **** 0001', age: null, source: 'campaign', fields: { name: '王芳', 项目: '翡翠湾' } } as unknown as Customer

it('offers the fixed fields and their own, without the repeated name', () => {
  expect(fieldsOf(wang).map(f => f.label)).toEqual(['customer.name', 'customer.age', 'customer.source', '项目'])
})
it('sends back what was edited and keeps the rest', () => {
  expect(change(wang, { ...basics(wang), 'own:项目': '曲江书苑' })).toEqual({ name: '王芳', source: 'campaign', age: 0, fields: { name: '王芳', 项目: '曲江书苑' } })
})
it.each([[40, 40], [null, 0]])('an age of %s is sent as %s', (age, want) => expect(change({ ...wang, age: 38 }, { ...basics(wang), age }).age).toBe(want))
