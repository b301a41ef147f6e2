import type { ReactNode } from 'react'
import type { Choice } from '../grid/filter'
import type { FieldProblem } from '../types'

/** Field is one field of a form as data. Labels and helps are keys. */
export interface Field<V> {
  name: keyof V & string
  label: string
  kind: 'text' | 'password' | 'textarea' | 'number' | 'choice' | 'choices' | 'switch' | 'custom'
  help?: string
  required?: boolean
  placeholder?: string
  options?: Choice[]
  min?: number
  max?: number                        // of a number; of a text, its length
  unit?: string
  check?: (value: unknown, all: V) => string | undefined   // key of what is wrong
  input?: ReactNode                   // custom: a control that takes value and onChange
  show?: (all: V) => boolean
}

/** byField sorts the server's field problems to the form's fields; what belongs to none stays for the summary. */
export function byField(problems: readonly FieldProblem[], names: readonly string[]): { at: Record<string, string>; rest: string[] } {
  const at: Record<string, string> = {}
  const rest: string[] = []
  for (const p of problems) {
    const name = p.path.replace(/^(body[./]|\/)/, '').split(/[./[]/)[0]!
    if (names.includes(name)) at[name] ??= p.message
    else rest.push(p.message)
  }
  return { at, rest }
}
