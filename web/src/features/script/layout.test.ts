import { describe, expect, it } from 'vitest'
import type { FlowNode } from '@/platform/types'
import { arrows, chosenBy, column, drawn, place, row } from './layout'

const node = (id: string, step = 0, kind = 'talk'): FlowNode => ({ id, label: id, kind, step, say: [], column: 0, row: 0 })
const edge = (from: string, to: string, label = '', on = 'class') => ({ from, to, label, on })
const nodes = [node('ask', 2), node('hello', 1), node('retain'), node('bye', 0, 'end'), node('later', 0, 'end'), node('price', 0, 'answer')]
const edges = [edge('hello', 'ask', 'yes'), edge('hello', 'ask', 'else'), edge('ask', 'retain'), edge('retain', 'bye'), edge('hello', 'later'), edge('price', 'ask')]

describe('place', () => {
  const at = place(drawn(nodes), edges)
  it('puts the main flow on top in its order', () => expect([at.hello, at.ask]).toEqual([{ x: 0, y: 0 }, { x: column, y: 0 }]))
  it('puts side talks under what leads to them, endings below', () => {
    expect(at.retain).toEqual({ x: column, y: row })
    expect(at.bye).toEqual({ x: column, y: 2 * row })
    expect(at.later).toEqual({ x: 0, y: 2 * row })
  })
  it('never puts two in one place, however many', () => {
    const many = [node('hello', 1), ...Array.from({ length: 40 }, (_, i) => node(`n${i}`, 0, i % 3 ? 'talk' : 'end'))]
    const spots = Object.values(place(many, many.map(n => edge('hello', n.id)))).map(p => `${p.x}/${p.y}`)
    expect(new Set(spots).size).toBe(many.length)
  })
})

describe('arrows', () => {
  const all = arrows(drawn(nodes), edges)
  it('joins labels, once each', () => expect(all.find(a => a.id === 'hello→ask')).toMatchObject({ labels: ['yes', 'else'], main: true }))
  it('leaves out what is not drawn', () => expect(all.some(a => a.from === 'price')).toBe(false))
  it('knows side ways', () => expect(all.find(a => a.id === 'ask→retain')!.main).toBe(false))
})

it('takes a node chosen by the keyboard', () => {
  expect(chosenBy([{ type: 'select', id: 'hello', selected: false }, { type: 'select', id: 'ask', selected: true }])).toBe('ask')
  expect(chosenBy([{ type: 'select', id: 'hello', selected: false }])).toBeNull()
  expect(chosenBy([{ type: 'dimensions', id: 'hello' }])).toBeUndefined()
})
