import type { Field } from '@/platform/form/field'
import type { Customer } from '@/platform/types'

/** Basics is what of a customer can be edited: name, age, source, and one field for each of their own. */
export type Basics = { name: string; age: number | null; source: string } & Record<string, unknown>

// The customer's own fields stand beside the fixed ones; this keeps their names apart.
const own = (name: string) => `own:${name}`

/** ownFields are the customer's own fields without the one that only repeats the name for the script. */
export function ownFields(c: Pick<Customer, 'fields'>): [string, string][] {
  return Object.entries(c.fields).filter(([k]) => k !== 'name')
}

/** basics are the form's first values. */
export function basics(c: Customer): Basics {
  return { name: c.name, age: c.age, source: c.source, ...Object.fromEntries(ownFields(c).map(([k, v]) => [own(k), v])) }
}

/** fieldsOf is the form of one customer. A label of their own fields is their own word, which the translator gives back as it is. */
export function fieldsOf(c: Customer): Field<Basics>[] {
  return [
    { name: 'name', label: 'customer.name', kind: 'text', max: 60 },
    { name: 'age', label: 'customer.age', kind: 'number', min: 0, max: 130 },
    { name: 'source', label: 'customer.source', kind: 'text', max: 60 },
    ...ownFields(c).map(([k]): Field<Basics> => ({ name: own(k), label: k, kind: 'text', max: 200 })),
  ]
}

/** change is what the server is sent; an age of 0 is none. */
export function change(c: Customer, v: Basics) {
  const fields = { ...c.fields }
  for (const [k] of ownFields(c)) fields[k] = String(v[own(k)] ?? '')
  return { name: v.name ?? '', source: v.source ?? '', age: v.age ?? 0, fields }
}
