import type { FlowEdge, FlowNode } from '@/platform/types'

// Where the nodes of a flow stand. Pure: it knows nothing of the drawing library.

export interface Place { x: number; y: number }

export const column = 332
export const row = 150

/** drawn are the nodes of the picture: global answers hold everywhere and are listed beside it. */
export function drawn(nodes: readonly FlowNode[]): FlowNode[] { return nodes.filter(n => n.kind !== 'answer') }

const stepOf = (n: FlowNode) => n.step ?? 0 // 0: beside the main flow

/** place lays the main flow out as one line on top, the side talks under the steps that lead to them, the endings at the bottom. */
export function place(nodes: readonly FlowNode[], edges: readonly FlowEdge[]): Record<string, Place> {
  const main = nodes.filter(stepOf).sort((a, b) => stepOf(a) - stepOf(b))
  const rest = nodes.filter(n => !stepOf(n))
  const columns: Record<string, number> = Object.fromEntries(main.map((n, i) => [n.id, i]))
  const rows: Record<string, number> = Object.fromEntries(main.map(n => [n.id, 0]))
  const width = Math.max(main.length, 5)
  const below = settle(rest.filter(n => n.kind !== 'end'), edges, columns, rows, main.length ? 1 : 0, width)
  settle(rest.filter(n => n.kind === 'end'), edges, columns, rows, below, width)
  return Object.fromEntries(nodes.map(n => [n.id, { x: columns[n.id]! * column, y: rows[n.id]! * row }]))
}

// settle gives each node the free column nearest to what leads to it, from a row on; it returns the first row left free.
function settle(nodes: FlowNode[], edges: readonly FlowEdge[], columns: Record<string, number>, rows: Record<string, number>, from: number, width: number): number {
  const taken = new Set<string>()
  const wish = (n: FlowNode) => {
    const sources = edges.filter(e => e.to === n.id && columns[e.from] !== undefined).map(e => columns[e.from]!)
    return sources.length ? sources.reduce((a, b) => a + b, 0) / sources.length : width - 1
  }
  let last = from - 1
  for (const n of nodes) {
    const wanted = wish(n)
    const order = Array.from({ length: width }, (_, c) => c).sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))
    let r = from
    while (order.every(c => taken.has(`${r}/${c}`))) r++
    const c = order.find(c => !taken.has(`${r}/${c}`))!
    taken.add(`${r}/${c}`)
    columns[n.id] = c
    rows[n.id] = r
    last = Math.max(last, r)
  }
  return last + 1
}

export interface Arrow { id: string; from: string; to: string; labels: string[]; main: boolean }

/** arrows joins the edges between two nodes into one with all their labels; main ones lead along the main flow. */
export function arrows(nodes: readonly FlowNode[], edges: readonly FlowEdge[]): Arrow[] {
  const step = new Map(nodes.map(n => [n.id, stepOf(n)]))
  const joined = new Map<string, Arrow>()
  for (const e of edges) {
    if (!step.has(e.from) || !step.has(e.to)) continue
    const id = `${e.from}→${e.to}`
    const [a, b] = [step.get(e.from)!, step.get(e.to)!]
    const arrow = joined.get(id) ?? { id, from: e.from, to: e.to, labels: [], main: a > 0 && b === a + 1 }
    if (e.label && !arrow.labels.includes(e.label)) arrow.labels.push(e.label)
    joined.set(id, arrow)
  }
  return [...joined.values()]
}

/** chosenBy is the node that a keyboard or a click chose, null where one was only given up, undefined where nothing of the kind happened. */
export function chosenBy(changes: readonly { type: string; id?: string; selected?: boolean }[]): string | null | undefined {
  const picks = changes.filter(c => c.type === 'select')
  return picks.length ? picks.find(c => c.selected)?.id ?? null : undefined
}
