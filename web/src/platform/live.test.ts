import { afterEach, beforeEach, expect, it, vi } from 'vitest'

// A browser's stream, as far as the console sees it.
class Stream extends EventTarget {
  static CLOSED = 2
  static all: Stream[] = []
  readyState = 1
  onerror = () => {}
  onopen = () => {}
  constructor(readonly url: string) { super(); Stream.all.push(this) }
  send(name: string, data: object, id: string) { this.dispatchEvent(Object.assign(new Event(name), { data: JSON.stringify(data), lastEventId: id })) }
  close() { this.readyState = 2 }
}

const page = Object.assign(new EventTarget(), { hidden: false })
const show = (on: boolean) => { page.hidden = !on; page.dispatchEvent(new Event('visibilitychange')) }
const newest = () => Stream.all.at(-1)!
let gaps = 0
let refusals = 0
let live: typeof import('./live')

beforeEach(async () => {
  vi.resetModules()
  vi.useFakeTimers()
  vi.stubGlobal('EventSource', Stream)
  vi.stubGlobal('navigator', {})
  vi.stubGlobal('document', page)
  vi.stubGlobal('BroadcastChannel', class { postMessage() {} close() {} })
  Stream.all = []
  page.hidden = false
  gaps = refusals = 0
  live = await import('./live')
  live.onGap(() => gaps++)
  live.onRefused(() => refusals++)
  live.startLive()
})
afterEach(() => { live.stopLive(); vi.useRealTimers(); vi.unstubAllGlobals() })

it('takes the first greeting as what it is', () => {
  newest().send('hello', { resumed: false }, 'a-1')
  expect(gaps).toBe(0)
})
it('tells of events that the server had to drop, also in the middle of a stream', () => {
  newest().send('hello', { resumed: false }, 'a-1')
  newest().send('hello', { resumed: false }, 'a-900')
  expect(gaps).toBe(1)
})
it('misses nothing where the stream was taken up again', () => {
  newest().send('hello', { resumed: false }, 'a-1')
  newest().send('hello', { resumed: true }, 'a-1')
  expect(gaps).toBe(0)
})
it('tells of a refusal, and asks again where it was', () => {
  newest().send('hello', { resumed: false }, 'a-1')
  newest().send('call', { id: '1' }, 'a-2')
  newest().close()
  newest().onerror()
  expect(refusals).toBe(1)
  vi.advanceTimersByTime(1000)
  expect(newest().url).toMatch(/last_event_id=a-2$/)
})
it('without locks, listens only while it is looked at', () => {
  newest().send('hello', { resumed: false }, 'a-1')
  show(false)
  expect(newest().readyState).toBe(Stream.CLOSED)
  show(true)
  expect(Stream.all).toHaveLength(2)
  newest().send('hello', { resumed: false }, 'b-7')
  expect(gaps).toBe(1)
})
