import { useEffect, useRef, useSyncExternalStore } from 'react'
import { base } from './api'

// One event stream per browser. The tab that holds the lock opens it and passes every
// event on to the others; when it closes, the lock and the stream go to the next tab.

export type Topic = 'campaign' | 'call' | 'turn' | 'task' | 'notice' | 'sandbox'
export type Connection = 'connecting' | 'open' | 'lost'
type Event = Record<string, unknown>
type Note = { kind: 'event'; topic: Topic; data: Event; id: string } | { kind: 'state'; state: Connection; id: string } | { kind: 'gap' } | { kind: 'ask' }

const topics: readonly Topic[] = ['campaign', 'call', 'turn', 'task', 'notice', 'sandbox']
const hearers = new Map<Topic, Set<(e: Event) => void>>(topics.map(t => [t, new Set()]))
const watchers = new Set<() => void>()
const missers = new Set<() => void>()
const refusers = new Set<() => void>()
let state: Connection = 'connecting'
let last = '' // id of the last event heard: where the stream is taken up again, by whichever tab
let stop: (() => void) | null = null

function become(next: Connection) {
  if (state === next) return
  state = next
  watchers.forEach(tell => tell())
}

function hear(topic: Topic, data: Event, id: string) {
  last = id || last
  hearers.get(topic)?.forEach(tell => tell(data))
}

/** startLive opens the stream of this browser, or joins the tab that has it. Safe to call again. */
export function startLive() {
  if (stop) return
  const gone = new AbortController()
  const others = new BroadcastChannel('yd.live')
  let source: (() => void) | null = null
  const tell = (note: Note) => others.postMessage(note)
  const lead = () => {
    source = open({
      event: (topic, data, id) => { hear(topic, data, id); tell({ kind: 'event', topic, data, id }) },
      state: s => { become(s); tell({ kind: 'state', state: s, id: last }) },
      gap: () => { missers.forEach(miss => miss()); tell({ kind: 'gap' }) },
      refused: () => refusers.forEach(ask => ask()),
    })
  }
  others.onmessage = ({ data: note }: MessageEvent<Note>) => {
    if (note.kind === 'ask') { if (source) tell({ kind: 'state', state, id: last }) }
    else if (source) return
    else if (note.kind === 'state') { last = note.id || last; become(note.state) }
    else if (note.kind === 'gap') missers.forEach(miss => miss())
    else hear(note.topic, note.data, note.id)
  }
  if (navigator.locks) {
    tell({ kind: 'ask' })
    navigator.locks.request('yd.live', { signal: gone.signal }, () => {
      lead()
      return new Promise<void>(free => gone.signal.addEventListener('abort', () => free()))
    }).catch(() => {}) // aborted while waiting for the lock
  } else alone(lead, () => { source?.(); source = null }, gone.signal)
  stop = () => { gone.abort(); source?.(); others.close(); stop = null; state = 'connecting'; last = '' }
}

// Plain HTTP on a LAN has no locks: each tab listens for itself, but only while it is
// looked at, because a browser opens no more than six connections to one server.
function alone(lead: () => void, rest: () => void, gone: AbortSignal) {
  let open = false
  const look = () => {
    if (open === !document.hidden) return
    open = !document.hidden
    open ? lead() : rest()
  }
  document.addEventListener('visibilitychange', look, { signal: gone })
  look()
}

/** stopLive closes the stream, for instance when the person logs out. */
export function stopLive() { stop?.() }

interface Ears {
  event: (topic: Topic, data: Event, id: string) => void
  state: (s: Connection) => void
  gap: () => void       // events were missed and will not come again
  refused: () => void   // the answer was no stream: perhaps nobody is logged in any more
}

// The browser repeats a lost stream by itself, with Last-Event-ID; only after an answer
// that is no stream (401, a proxy's 502) does it give up, and then we ask again. The
// server says hello at every beginning, and in the middle where it had to drop events:
// not resumed means that what is shown has to be fetched. The first one means nothing.
function open(ears: Ears): () => void {
  let source: EventSource
  let again: ReturnType<typeof setTimeout> | undefined
  let wait = 1000
  const connect = () => {
    source = new EventSource(base + '/events' + (last && '?last_event_id=' + encodeURIComponent(last)))
    source.addEventListener('hello', e => {
      const before = last
      last = (e as MessageEvent).lastEventId || last
      ears.state('open') // the other tabs learn where it stands
      if (before && parse((e as MessageEvent<string>).data)?.resumed === false) ears.gap()
    })
    source.onopen = () => { wait = 1000 }
    source.onerror = () => {
      ears.state('lost')
      if (source.readyState !== EventSource.CLOSED) return
      ears.refused()
      again = setTimeout(connect, wait)
      wait = Math.min(wait * 2, 30_000)
    }
    for (const topic of topics) source.addEventListener(topic, e => {
      const data = parse((e as MessageEvent<string>).data)
      if (data) ears.event(topic, data, (e as MessageEvent).lastEventId)
    })
  }
  connect()
  return () => { clearTimeout(again); source.close() }
}

function parse(text: string): Event | null {
  try { return JSON.parse(text) as Event } catch { return null }
}

/** useLive hands the events of a topic to a component for as long as it stands; null hears nothing. */
export function useLive(topic: Topic | null, handle: (e: Event) => void) {
  const latest = useRef(handle)
  latest.current = handle
  useEffect(() => {
    if (!topic) return
    const tell = (e: Event) => latest.current(e)
    hearers.get(topic)!.add(tell)
    return () => { hearers.get(topic)!.delete(tell) }
  }, [topic])
}

function on(told: Set<() => void>, then: () => void): () => void {
  told.add(then)
  return () => { told.delete(then) }
}

/** onGap calls when events were missed: what is shown has to be fetched again. It returns how to stop. */
export function onGap(then: () => void) { return on(missers, then) }

/** onRefused calls when the server would not open the stream, for instance because the session ended. */
export function onRefused(then: () => void) { return on(refusers, then) }

/** useConnection is whether live numbers are live. */
export function useConnection(): Connection {
  return useSyncExternalStore(tell => on(watchers, tell), () => state)
}
