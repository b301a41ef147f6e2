import { useRef, type ReactNode } from 'react'
import { useSearchParams } from 'react-router'
import css from './Tabs.module.css'

export interface Tab { key: string; label: ReactNode; badge?: ReactNode; body: ReactNode }

/** Tabs are the parts of a detail page. Which one is open stands in the address, so that a link leads to it. */
export function Tabs({ items, param = 'tab', label }: { items: readonly Tab[]; param?: string; label: string }) {
  const [search, setSearch] = useSearchParams()
  const list = useRef<HTMLDivElement>(null)
  const open = items.find(i => i.key === search.get(param)) ?? items[0]!
  // What else stands in the address (filters, a quick look) is the tab's that is left.
  const go = (key: string) => { if (key !== open.key) setSearch(key === items[0]!.key ? {} : { [param]: key }, { replace: true }) }
  const press = (e: React.KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key]
    if (!step) return
    const next = (items.indexOf(open) + step + items.length) % items.length
    go(items[next]!.key)
    list.current?.querySelectorAll('button')[next]?.focus()
  }
  return (
    <div className={css.tabs}>
      <div ref={list} className={css.list} role="tablist" aria-label={label} onKeyDown={press}>
        {items.map(i => (
          <button key={i.key} type="button" role="tab" id={`tab-${i.key}`} aria-selected={i === open} aria-controls="tab-body" tabIndex={i === open ? 0 : -1} onClick={() => go(i.key)}>
            {i.label}{i.badge != null && <span className={css.badge}>{i.badge}</span>}
          </button>
        ))}
      </div>
      <div id="tab-body" role="tabpanel" aria-labelledby={`tab-${open.key}`}>{open.body}</div>
    </div>
  )
}
