import { useEffect, useRef, useState } from 'react'
import { upload } from './api'

/** useUpload sends a file: how far it is, what went wrong, and how to call it off. A page that is left calls it off. */
export function useUpload<T>(path: string, take: (answer: T) => unknown) {
  const [progress, setProgress] = useState<number | null>(null)
  const [name, setName] = useState('')
  const [failed, setFailed] = useState<unknown>(null)
  const going = useRef<AbortController>(undefined)
  useEffect(() => () => going.current?.abort(), [])
  const cancel = () => { going.current?.abort(); setProgress(null) }
  async function send(file: File, fields?: Record<string, string>) {
    going.current = new AbortController()
    setName(file.name)
    setFailed(null)
    setProgress(0)
    try {
      await take(await upload<T>(path, file, fields, setProgress, going.current.signal))
    } catch (e) {
      setFailed(e)
    } finally {
      setProgress(null)
    }
  }
  return { progress, name: name || undefined, failed, send, cancel }
}
