import { useEffect, useRef, useSyncExternalStore } from 'react'
import { base } from './api'

// One event stream per browser. The tab that holds the lock opens it and passes every
// event on to the others; when it closes, the lock and the stream go to the next tab.

export type Topic = 'campaign' | 'call' | 'turn' | 'task' | 'notice' | 'sandbox'
export type Connection = 'connecting' | 'open' | 'lost'
type Event = Record<string, unknown>
type Note = { kind: 'event'; topic: Topic; data: Event } | { kind: 'state'; state: Connection } | { kind: 'ask' }

const topics: readonly Topic[] = ['campaign', 'call', 'turn', 'task', 'notice', 'sandbox']
const hearers = new Map<Topic, Set<(e: Event) => void>>(topics.map(t => [t, new Set()]))
const watchers = new Set<() => void>()
let state: Connection = 'connecting'
let stop: (() => void) | null = null

function become(next: Connection) {
  if (state === next) return
  state = next
  watchers.forEach(tell => tell())
}

function hear(topic: Topic, data: Event) {
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
      event: (topic, data) => { hear(topic, data); tell({ kind: 'event', topic, data }) },
      state: s => { become(s); tell({ kind: 'state', state: s }) },
    })
  }
  others.onmessage = ({ data: note }: MessageEvent<Note>) => {
    if (note.kind === 'ask') { if (source) tell({ kind: 'state', state }) }
    else if (source) return
    else if (note.kind === 'state') become(note.state)
    else hear(note.topic, note.data)
  }
  if (navigator.locks) {
    tell({ kind: 'ask' })
    navigator.locks.request('yd.live', { signal: gone.signal }, () => {
      lead()
      return new Promise<void>(free => gone.signal.addEventListener('abort', () => free()))
    }).catch(() => {}) // aborted while waiting for the lock
  } else lead() // plain HTTP on a LAN has no locks: each tab listens for itself
  stop = () => { gone.abort(); source?.(); others.close(); stop = null; state = 'connecting' }
}

/** stopLive closes the stream, for instance when the person logs out. */
export function stopLive() { stop?.() }

interface Ears { event: (topic: Topic, data: Event) => void; state: (s: Connection) => void }

// The browser repeats a lost stream by itself, with Last-Event-ID; only after an answer
// that is no stream (a proxy's 502) does it give up, and then we ask again.
function open(ears: Ears): () => void {
  let source: EventSource
  let again: ReturnType<typeof setTimeout> | undefined
  let wait = 1000
  const connect = () => {
    source = new EventSource(base + '/events')
    source.onopen = () => { wait = 1000; ears.state('open') }
    source.onerror = () => {
      ears.state('lost')
      if (source.readyState !== EventSource.CLOSED) return
      again = setTimeout(connect, wait)
      wait = Math.min(wait * 2, 30_000)
    }
    for (const topic of topics) source.addEventListener(topic, e => {
      const data = parse((e as MessageEvent<string>).data)
      if (data) ears.event(topic, data)
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

/** useConnection is whether live numbers are live. */
export function useConnection(): Connection {
  return useSyncExternalStore(tell => { watchers.add(tell); return () => { watchers.delete(tell) } }, () => state)
}
