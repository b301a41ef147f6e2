import { ReloadOutlined } from '@ant-design/icons'
import { Button, Tooltip } from 'antd'
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import type { Action, BulkAction } from '../action'
import { DownloadButton } from '../DownloadButton'
import { Failure } from '../Errors'
import { Scene } from '../Empty'
import { useLive, type Topic } from '../live'
import { Stale } from '../Loaded'
import { useCan } from '../session'
import type { PageOf } from '../types'
import { BulkBar } from './BulkBar'
import { visible, type Column } from './column'
import type { Filter } from './filter'
import { Chips, FilterBar } from './FilterBar'
import { Footer } from './Footer'
import { LayoutMenu } from './LayoutMenu'
import { Rows } from './Rows'
import { useLayout, useList, type ListQuery } from './useList'
import css from './Grid.module.css'

const Peek = lazy(() => import('./Peek'))

export interface GridProps<T extends { id: string }> {
  name: string                                   // first part of the query key, and where the layout is kept
  label: string                                  // what the list holds, for screen readers (a key)
  load: (q: ListQuery) => Promise<PageOf<T>>
  columns: readonly Column<T>[]
  nameOf: (row: T) => string                     // what a person calls the row
  filters?: readonly Filter[]
  fixed?: ListQuery                              // conditions the page sets, not the person
  sort?: string
  actions?: readonly Action<T>[]
  bulk?: readonly BulkAction<T>[]
  open?: (row: { id: string }) => string         // address of the row's page
  peek?: (id: string) => ReactNode               // quick look in a drawer
  exportTo?: { path: string; right?: string }    // Excel of exactly what is filtered
  empty: { title: string; text: string; action?: ReactNode }
  news?: { topic: Topic; isNew: (event: Record<string, unknown>) => boolean } // announced above the rows, not jumped in
  tools?: ReactNode
  poll?: number                                  // ms; for lists without events
}

/** Grid is every list of the console: filters in the address, server paging, row menu, bulk bar, export, and its four states. */
export function Grid<T extends { id: string }>(props: GridProps<T>) {
  const { t } = useTranslation()
  const filters = props.filters ?? []
  const [layout, change] = useLayout(props.name)
  const limit = layout.limit ?? 50
  const list = useList({ ...props, filters, limit })
  const [picked, setPicked] = useState<T[]>([])
  const { query } = list
  const rows = query.data?.items
  const refresh = () => { list.restart(); void query.refetch() }
  const clear = () => list.change(Object.fromEntries(Object.keys(list.values).map(k => [k, ''])))
  return (
    <section className={`panel ${css.grid}`} aria-label={t(props.label)}>
      <div className={css.bar} role="search">
        <FilterBar filters={filters} values={list.values} change={list.change} />
        <span className="grow" />
        {props.tools}
        <Tooltip title={t('platform.refresh')}><Button type="text" icon={<ReloadOutlined spin={query.isFetching && !query.isPending} />} aria-label={t('platform.refresh')} onClick={refresh} /></Tooltip>
        <Export to={props.exportTo} query={list.asked} />
        <LayoutMenu columns={props.columns} layout={layout} change={change} />
      </div>
      <Chips filters={filters} values={list.values} change={list.change} />
      {props.news && <News {...props.news} seen={query.dataUpdatedAt} refresh={refresh} />}
      {picked.length > 0 && <BulkBar actions={props.bulk ?? []} rows={picked} clear={() => setPicked([])} />}
      {query.isError && rows && <Stale retry={query.refetch} />}
      {query.isError && !rows ? <Failure error={query.error} retry={() => query.refetch()} />
        : rows?.length === 0 ? <Nothing filtered={Object.keys(list.values).length > 0} empty={props.empty} clear={clear} />
        : <Body props={props} rows={rows} columns={visible(props.columns, layout)} dense={layout.dense} sort={list.sort} setSort={sort => list.change({ sort })} picked={picked} setPicked={setPicked} />}
      {rows && rows.length > 0 && <Footer page={query.data!} number={list.page} limit={limit} next={list.next} back={list.back} setLimit={n => { change({ limit: n }); list.restart() }} />}
      {props.peek && <Suspense><Peek rows={rows ?? []} label={props.label} nameOf={props.nameOf as (row: { id: string }) => string} open={props.open} body={props.peek} /></Suspense>}
    </section>
  )
}

interface BodyProps<T extends { id: string }> {
  props: GridProps<T>; rows: T[] | undefined; columns: Column<T>[]; dense?: boolean; sort?: string; setSort: (s: string) => void; picked: T[]; setPicked: (rows: T[]) => void
}

function Body<T extends { id: string }>({ props, ...rest }: BodyProps<T>) {
  const can = useCan()
  const [, setSearch] = useSearchParams()
  const bulk = props.bulk?.filter(b => can(b.right)) ?? []
  const look = (row: T) => setSearch(s => { s.set('peek', row.id); return s }, { replace: true })
  return <Rows {...rest} label={props.label} nameOf={props.nameOf} actions={props.actions} open={props.open} look={props.peek && look}
    setPicked={bulk.length ? rest.setPicked : undefined} pickable={row => bulk.some(b => b.each?.(row) ?? true)} />
}

// News counts what came since the rows were fetched; a click shows it.
function News({ topic, isNew, seen, refresh }: { topic: Topic; isNew: (e: Record<string, unknown>) => boolean; seen: number; refresh: () => void }) {
  const { t } = useTranslation()
  const [count, setCount] = useState(0)
  useLive(topic, e => { if (isNew(e)) setCount(n => n + 1) })
  useEffect(() => setCount(0), [seen])
  return count > 0 && <button type="button" className={css.news} onClick={refresh} aria-live="polite">{t('platform.news', { count })}</button>
}

function Export({ to, query }: { to?: { path: string; right?: string }; query: ListQuery }) {
  const { t } = useTranslation()
  const can = useCan()
  if (!to || !can(to.right)) return null
  return <Tooltip title={t('platform.exportHint')}><DownloadButton path={to.path} query={query}>{t('platform.export')}</DownloadButton></Tooltip>
}

function Nothing({ filtered, empty, clear }: { filtered: boolean; empty: { title: string; text: string; action?: ReactNode }; clear: () => void }) {
  const { t } = useTranslation()
  if (filtered) return <Scene mood="search" title={t('platform.nothingFound')} text={t('platform.nothingFoundHint')} action={<Button onClick={clear}>{t('platform.clearFilters')}</Button>} />
  return <Scene title={t(empty.title)} text={t(empty.text)} action={empty.action} />
}
