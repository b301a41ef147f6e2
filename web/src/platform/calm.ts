import { useEffect, useRef } from 'react'

/** calm makes of many calls one, wait ms after the first. */
export function calm(act: () => void, wait: number): { call: () => void; stop: () => void } {
  let due: ReturnType<typeof setTimeout> | undefined
  return {
    call: () => { due ??= setTimeout(() => { due = undefined; act() }, wait) },
    stop: () => { clearTimeout(due); due = undefined },
  }
}

/** useCalm is act for what happens often: a hundred calls may end in a second, and what they change is asked for again once. Another of is another thing. */
export function useCalm(act: () => void, wait = 2000, of = ''): () => void {
  const latest = useRef(act)
  latest.current = act
  const made = useRef<ReturnType<typeof calm>>(undefined)
  made.current ??= calm(() => latest.current(), wait)
  useEffect(() => () => made.current?.stop(), [of])
  return made.current.call
}
