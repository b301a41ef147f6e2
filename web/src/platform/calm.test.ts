import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { calm } from './calm'

beforeEach(() => { vi.useFakeTimers() })
afterEach(() => { vi.useRealTimers() })

it('makes of a hundred calls one, and of the next ones another', () => {
  let n = 0
  const { call, stop } = calm(() => n++, 2000)
  for (let i = 0; i < 100; i++) call()
  expect(n).toBe(0)
  vi.advanceTimersByTime(2000)
  expect(n).toBe(1)
  call()
  vi.advanceTimersByTime(2000)
  expect(n).toBe(2)
  call()
  stop()
  vi.advanceTimersByTime(2000)
  expect(n).toBe(2)
})
