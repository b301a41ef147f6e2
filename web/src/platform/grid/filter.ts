// Filters as data, and how they are kept in the address. Pure.

export interface Choice { value: string; label: string }

/** Filter is one condition of a list. Its name is the server's query parameter. */
export type Filter =
  | { kind: 'search'; name: string; label: string }                                    // free text
  | { kind: 'choice'; name: string; label: string; options: Choice[]; many?: boolean; more?: boolean }
  | { kind: 'dates'; name: string; label: string; more?: boolean }                      // sends from and to, days in the tenant's zone
  | { kind: 'range'; name: string; label: string; min: string; max?: string; unit?: string; scale?: number; more?: boolean } // scale: what the person types × scale is sent

/** Values are the filters in force, by query parameter. */
export type Values = Record<string, string>

/** params are the query parameters that a filter fills. */
export function params(f: Filter): string[] {
  switch (f.kind) {
    case 'dates': return ['from', 'to']
    case 'range': return f.max ? [f.min, f.max] : [f.min]
    default: return [f.name]
  }
}

/** read takes the filters in force from the address; what no filter knows is left alone. */
export function read(filters: readonly Filter[], search: URLSearchParams): Values {
  const found: Values = {}
  for (const name of filters.flatMap(params)) {
    const value = search.get(name)
    if (value) found[name] = value
  }
  return found
}

/** write returns the address with these values set ('' removes one) and everything else kept. */
export function write(search: URLSearchParams, change: Values): URLSearchParams {
  const next = new URLSearchParams(search)
  for (const [name, value] of Object.entries(change)) value ? next.set(name, value) : next.delete(name)
  return next
}

export interface Chip { filter: Filter; text: string; clear: Values }

/** chips are the filters in force in a person's words, each with what removes it. */
export function chips(filters: readonly Filter[], values: Values): Chip[] {
  return filters.flatMap(filter => {
    const names = params(filter)
    if (!names.some(n => values[n])) return []
    return [{ filter, text: say(filter, values), clear: Object.fromEntries(names.map(n => [n, ''])) }]
  })
}

function say(f: Filter, v: Values): string {
  switch (f.kind) {
    case 'search': return v[f.name]!
    case 'choice': return v[f.name]!.split(',').map(x => f.options.find(o => o.value === x)?.label ?? x).join(', ')
    case 'dates': return v.from === v.to ? v.from! : `${v.from ?? '…'} – ${v.to ?? '…'}`
    case 'range': return interval(v[f.min], f.max ? v[f.max] : undefined, f.scale ?? 1, f.unit ?? '')
  }
}

function interval(min: string | undefined, max: string | undefined, scale: number, unit: string): string {
  const shown = (x: string) => `${Number(x) / scale}${unit && ' ' + unit}`
  if (min && max) return `${Number(min) / scale}–${shown(max)}`
  return min ? `≥ ${shown(min)}` : `≤ ${shown(max!)}`
}
