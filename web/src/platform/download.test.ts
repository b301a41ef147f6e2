import { expect, it } from 'vitest'
import { nameIn } from './download'

it.each([
  ["attachment; filename=\"script.xlsx\"; filename*=UTF-8''%E6%A5%BC%E7%9B%98.xlsx", '楼盘.xlsx'],
  ['attachment; filename="script v2.json"', 'script v2.json'], ['attachment; filename=a.json', 'a.json'],
  ["attachment; filename*=UTF-8''%E6%A", 'download'], [null, 'download'],
])('%s', (disposition, want) => expect(nameIn(disposition, 'download')).toBe(want))
