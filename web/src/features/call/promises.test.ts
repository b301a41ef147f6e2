import { expect, it } from 'vitest'
import { allowed } from '@/platform/action'
import { promiseActions } from './promises'

const sms = (state: string) => ({ id: '1', kind: 'sms', state, to: '138', text: '', error: '', at: null })

it.each([['failed', 1], ['unknown', 1], ['no_credit', 1], ['pending', 0], ['sending', 0], ['sent', 0], ['delivered', 0]])('%s can be sent again: %d', (state, n) => {
  expect(allowed(promiseActions, sms(state), () => true)).toHaveLength(n)
  expect(allowed(promiseActions, sms(state), () => false)).toHaveLength(0)
})
it('warns that it may come twice', () => expect(promiseActions[0]!.confirm!(sms('unknown')).body).toBe('call.resendUnknown'))
