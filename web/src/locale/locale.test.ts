import { describe, expect, it } from 'vitest'
import { bundle } from './bundle'

const zh = import.meta.glob('../**/zh-CN.json', { eager: true, import: 'default' })
const en = import.meta.glob('../**/en-US.json', { eager: true, import: 'default' })
const sources = import.meta.glob('../**/*.{ts,tsx}', { eager: true, query: '?raw', import: 'default' }) as Record<string, string>

function leaves(tree: object, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([k, v]) => typeof v === 'string' ? [[prefix + k, v] as [string, string]] : leaves(v, `${prefix}${k}.`))
}
const plural = /_(zero|one|two|few|many|other)$/
const names = (tree: object) => new Set(leaves(tree).map(([k]) => k.replace(plural, '')))
const blanks = (text: string) => [...new Set([...text.matchAll(/{{\s*(\w+)/g)].map(m => m[1]))].sort()

describe('the two languages', () => {
  it('have the same files', () => {
    expect(Object.keys(en).map(p => p.replace('en-US', 'zh-CN')).sort()).toEqual(Object.keys(zh).sort())
  })

  it.each(Object.keys(zh))('%s: every key in both, none empty, the same blanks to fill', path => {
    const [a, b] = [zh[path] as object, en[path.replace('zh-CN', 'en-US')] as object]
    expect([...names(b)].sort()).toEqual([...names(a)].sort())
    for (const [k, text] of [...leaves(a), ...leaves(b)]) expect(text.trim(), k).not.toBe('')
    const few = /_(zero|one)$/ // a sentence about none or one may do without the number
    const inZh = new Map(leaves(a).filter(([k]) => !few.test(k)).map(([k, v]) => [k.replace(plural, ''), blanks(v)]))
    for (const [k, text] of leaves(b)) if (!few.test(k)) expect(blanks(text), k).toEqual(inZh.get(k.replace(plural, '')))
  })
})

describe('the code', () => {
  const known = names(bundle(zh))
  const spaces = Object.keys(bundle(zh)).join('|')
  // What follows key === is a key of the server's, not of ours.
  const key = new RegExp(`(?<!key [!=]== )['"\`]((?:${spaces})\\.[a-zA-Z0-9_.]*[a-zA-Z0-9_])['"\`]`, 'g')

  it('asks only for keys that exist', () => {
    const missing = Object.entries(sources).filter(([path]) => !path.endsWith('.test.ts')).flatMap(([path, text]) =>
      [...text.matchAll(key)].map(m => m[1]!).filter(k => !known.has(k) && !/\.(ts|tsx|json|css)$/.test(k)).map(k => `${path}: ${k}`))
    expect(missing).toEqual([])
  })
})
