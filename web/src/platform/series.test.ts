import { expect, it } from 'vitest'
import { csv } from './series'

it('writes what a spreadsheet reads back, and never a formula', () => {
  expect(csv({ over: '日期', names: ['11-01', 'a,"b"', '=1+1', '-5'], lines: [{ name: '拨打', values: [1, 2, 3, 4] }] }))
    .toBe('日期,拨打\r\n11-01,1\r\n"a,""b""",2\r\n\'=1+1,3\r\n-5,4')
})
