import dayjs from 'dayjs'
import { expect, it } from 'vitest'
import { preset, range } from './range'

const now = dayjs('2026-11-22T10:00')
const week = { from: '2026-11-16', to: '2026-11-22' }

it('counts today', () => expect(preset(1, now)).toEqual({ from: '2026-11-22', to: '2026-11-22' }))

it.each([
  [null, null, week], ['2026-11-01', '2026-11-02', { from: '2026-11-01', to: '2026-11-02' }],
  ['2026-11-03', '2026-11-02', week], ['yesterday', '2026-11-02', week], ['2026-11-01', null, week],
])('%s to %s', (from, to, want) => expect(range(from, to, now)).toEqual(want))
