/** bundle joins the files features/x/LOCALE.json into one tree { x: … }: the folder's name is the first part of every key. */
export function bundle(files: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(files).map(([path, words]) => [path.split('/').at(-2)!, words]))
}
