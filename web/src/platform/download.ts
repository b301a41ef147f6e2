import { fetchFile } from './api'

/** nameIn is the file's name in a Content-Disposition, the one in UTF-8 first. */
export function nameIn(disposition: string | null, otherwise: string): string {
  const wide = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')?.[1]
  const plain = /filename="?([^";]+)"?/i.exec(disposition ?? '')?.[1]
  try { return wide ? decodeURIComponent(wide) : plain ?? otherwise } catch { return plain ?? otherwise }
}

/** download fetches a file and hands it to the person. A refusal is thrown as the Problem it is; the console stays where it is. */
export async function download(path: string, query: Record<string, unknown> = {}): Promise<void> {
  const answer = await fetchFile(path, query)
  const address = URL.createObjectURL(await answer.blob())
  const a = document.createElement('a')
  a.href = address
  a.download = nameIn(answer.headers.get('Content-Disposition'), path.split('/').at(-1)!)
  a.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
