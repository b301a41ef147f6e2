import { describe, expect, it } from 'vitest'
import { bytes, dateTime, duration, money, percent, phone, since } from './format'

describe('phone', () => {
  it.each([
    ['13800000001', '138 0000 0001'],
    ['+8613800000001', '138 0000 0001'],
    ['138****0001', '138 **** 0001'],
    ['+86138****0001', '138 **** 0001'],
    ['02161234567', '021 6123 4567'],
    ['10086', '10086'],
    ['+4915112345678', '+4915112345678'],
  ])('%s is written %s', (raw, want) => expect(phone(raw)).toBe(want))
})

describe('duration', () => {
  it.each([[0, '0:00'], [65_000, '1:05'], [59_700, '1:00'], [3_725_000, '1:02:05'], [-5, '0:00']])('%d ms is %s', (ms, want) => expect(duration(ms)).toBe(want))
})

it('money is fen with two places', () => {
  expect(money(123450)).toBe('¥1,234.50')
  expect(money(-5)).toBe('-¥0.05')
})

it('percent keeps one place and drops .0', () => {
  expect([percent(0.4567), percent(0.5), percent(0), percent(0 / 0)]).toEqual(['45.7%', '50%', '0%', '–'])
})

it('bytes', () => expect([bytes(0), bytes(900), bytes(1536), bytes(300_000)]).toEqual(['0 B', '900 B', '1.5 KB', '293 KB']))

it('times are written in the zone of the tenant, not of the browser', () => {
  expect(dateTime('2026-11-22T16:05:09Z', 'Asia/Shanghai')).toBe('2026-11-23 00:05:09')
})

describe('since', () => {
  const now = Date.parse('2026-11-22T08:00:00Z')
  it.each([
    [10, 'platform.ago.now', 0], [180, 'platform.ago.minutes', 3], [3540, 'platform.ago.minutes', 59], [3600, 'platform.ago.hours', 1],
    [7200, 'platform.ago.hours', 2], [86400 * 3, 'platform.ago.days', 3], [-600, 'platform.in.minutes', 10],
  ])('%d s ago', (s, key, n) => expect(since(now - s * 1000, now)).toEqual({ key, count: n }))
})
