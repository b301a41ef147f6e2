import type { ReactNode } from 'react'
import css from './words.module.css'

/** KindTag is the class of a keyword in the colour of its kind (global.css), the same in lists, reasons and transcripts. */
export function KindTag({ kind, children }: { kind: string; children: ReactNode }) {
  return <span className={`${css.tag} ${css.kind}`} data-kind={kind}>{children}</span>
}
