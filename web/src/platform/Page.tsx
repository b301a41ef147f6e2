import { useEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import css from './Page.module.css'

export interface Crumb { label: string; to?: string }

interface PageProps {
  title: ReactNode
  name?: string           // plain text for the browser's tab where title is not one
  crumbs?: Crumb[]
  about?: ReactNode       // one line under the title: what this page is for
  state?: ReactNode       // tag beside the title
  primary?: ReactNode     // the one main action, and what stands beside it
  narrow?: boolean        // forms and reading
  children: ReactNode
}

/** Page is the frame of every screen: breadcrumb, title with state, one primary action on the right. */
export function Page({ title, name, crumbs, about, state, primary, narrow, children }: PageProps) {
  const { t } = useTranslation()
  const tab = name ?? (typeof title === 'string' ? title : '')
  useEffect(() => { if (tab) document.title = t('platform.tabTitle', { page: tab }) }, [tab, t])
  return (
    <div className={narrow ? `${css.page} ${css.narrow}` : css.page}>
      {crumbs && crumbs.length > 0 && (
        <nav className={css.crumbs} aria-label={t('platform.breadcrumb')}>
          {crumbs.map((c, i) => <span key={i}>{c.to ? <Link to={c.to}>{c.label}</Link> : c.label}<i aria-hidden="true">/</i></span>)}
        </nav>
      )}
      <div className={css.head}>
        <div className={css.title}>
          <div className={css.line}><h1>{title}</h1>{state}</div>
          {about && <p>{about}</p>}
        </div>
        {primary && <div className={css.primary}>{primary}</div>}
      </div>
      {children}
    </div>
  )
}

/** Facts is the header of a detail: the few facts that matter, each under its name. */
export function Facts({ items }: { items: { label: string; value: ReactNode }[] }) {
  return (
    <dl className={`panel ${css.facts}`}>
      {items.map(f => <div key={f.label}><dt>{f.label}</dt><dd>{f.value}</dd></div>)}
    </dl>
  )
}

/** Panel is a titled part of a page; extra stands on the right of its title. */
export function Panel({ title, extra, children, flush }: { title?: ReactNode; extra?: ReactNode; children: ReactNode; flush?: boolean }) {
  return (
    <section className={`panel ${css.panel}`}>
      {(title || extra) && <div className={css.panelHead}><h2>{title}</h2>{extra}</div>}
      <div className={flush ? undefined : css.panelBody}>{children}</div>
    </section>
  )
}

/** Figure is one number that matters, with its name above and a note under it. */
export function Figure({ label, value, note }: { label: string; value: ReactNode; note?: ReactNode }) {
  return <div className={css.figure}><span>{label}</span><strong>{value}</strong>{note && <small>{note}</small>}</div>
}
