import type { Action } from '@/platform/action'
import { api } from '@/platform/api'
import type { CallDetail } from '@/platform/types'

type Promised = CallDetail['promises'][number]

const again = ['failed', 'unknown', 'no_credit']

/** promiseActions are what can be done to a message that did not arrive (FEATURES A7.2). One whose fate is unknown may come twice, and an SMS is paid again: that is asked. */
export const promiseActions: Action<Promised>[] = [{
  name: 'resend', label: 'call.resend', right: 'campaign:run', touches: ['calls'], done: 'call.resent', can: p => again.includes(p.state),
  confirm: p => ({ title: 'call.resendTitle', body: p.state === 'unknown' ? 'call.resendUnknown' : p.kind === 'sms' ? 'call.resendSms' : undefined, args: { to: p.to } }),
  run: p => api.POST('/promises/{id}/resend', { params: { path: { id: p.id } } }),
}]
