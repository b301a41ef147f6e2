import { CaretDownFilled, CaretUpFilled } from '@ant-design/icons'
import { Checkbox } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { allowed, type Action } from '../action'
import { RowMenu } from '../Actions'
import { useCan } from '../session'
import { turn, type Column } from './column'
import css from './Rows.module.css'

export interface RowsProps<T extends { id: string }> {
  label: string                                  // a key: what the table holds
  columns: readonly Column<T>[]
  rows: readonly T[] | undefined                 // undefined: still loading
  nameOf: (row: T) => string
  dense?: boolean
  sort?: string
  setSort?: (sort: string) => void
  actions?: readonly Action<T>[]
  open?: (row: T) => string                      // the primary column links there
  look?: (row: T) => void                        // a click on a row opens the quick look
  picked?: readonly T[]
  setPicked?: (rows: T[]) => void
  pickable?: (row: T) => boolean
}

/** Rows is a table of rows by columns as data: sort, ticks, row menu, and grey bones while loading. */
export function Rows<T extends { id: string }>(p: RowsProps<T>) {
  const { t } = useTranslation()
  return (
    <div className={css.scroll}>
      <table className={css.table} data-dense={p.dense} aria-label={t(p.label)} aria-busy={!p.rows}>
        <Head {...p} />
        <tbody>{p.rows ? p.rows.map(row => <Row key={row.id} row={row} {...p} />) : <Bones columns={p.columns} extra={(p.setPicked ? 1 : 0) + (p.actions ? 1 : 0)} />}</tbody>
      </table>
    </div>
  )
}

function Head<T extends { id: string }>({ columns, rows, sort, setSort, actions, picked, setPicked, pickable }: RowsProps<T>) {
  const { t } = useTranslation()
  return (
    <thead>
      <tr>
        {setPicked && <th className={css.tick}><TickAll rows={(rows ?? []).filter(r => pickable?.(r) ?? true)} picked={picked ?? []} setPicked={setPicked} /></th>}
        {columns.map(c => (
          <th key={c.key} scope="col" style={{ width: c.width, textAlign: c.align }} aria-sort={c.sort ? (sort === c.key ? 'ascending' : sort === `-${c.key}` ? 'descending' : 'none') : undefined}>
            {c.sort && setSort ? <Sorter label={t(c.title)} mine={sort?.replace('-', '') === c.key ? sort : ''} press={() => setSort(turn(sort, c.key))} /> : t(c.title)}
          </th>
        ))}
        {actions && <th className={css.dots}><span className="sr">{t('platform.actions')}</span></th>}
      </tr>
    </thead>
  )
}

function Sorter({ label, mine, press }: { label: string; mine: string; press: () => void }) {
  return (
    <button type="button" className={css.sorter} data-on={mine !== ''} onClick={press}>
      {label}<span aria-hidden="true">{mine && !mine.startsWith('-') ? <CaretUpFilled /> : <CaretDownFilled />}</span>
    </button>
  )
}

function TickAll<T extends { id: string }>({ rows, picked, setPicked }: { rows: readonly T[]; picked: readonly T[]; setPicked: (rows: T[]) => void }) {
  const { t } = useTranslation()
  const ids = new Set(rows.map(r => r.id))
  const here = picked.filter(r => ids.has(r.id)).length
  const others = picked.filter(r => !ids.has(r.id)) // ticked on other pages: they stay
  return <Checkbox aria-label={t('platform.pickAll')} disabled={!rows.length} checked={here > 0 && here === rows.length} indeterminate={here > 0 && here < rows.length}
    onChange={e => setPicked(e.target.checked ? [...others, ...rows] : others)} />
}

function Row<T extends { id: string }>({ row, columns, nameOf, actions, open, look, picked, setPicked, pickable }: RowsProps<T> & { row: T }) {
  const { t } = useTranslation()
  const on = picked?.some(r => r.id === row.id)
  const tick = () => setPicked?.(on ? picked!.filter(r => r.id !== row.id) : [...(picked ?? []), row])
  const press = (e: React.MouseEvent) => { if (look && !(e.target as Element).closest('a,button,input,label') && !getSelection()?.toString()) look(row) }
  return (
    <tr data-id={row.id} data-on={on} data-click={!!look} onClick={press}>
      {setPicked && <td className={css.tick}><Checkbox checked={!!on} disabled={!(pickable?.(row) ?? true)} aria-label={t('platform.pickRow', { name: nameOf(row) })} onChange={tick} /></td>}
      {columns.map(c => <td key={c.key} style={{ textAlign: c.align }}>{cell(c, row, open, !!look)}</td>)}
      {actions && <td className={css.dots}><Menu actions={actions} row={row} name={nameOf(row)} /></td>}
    </tr>
  )
}

function Menu<T>({ actions, row, name }: { actions: readonly Action<T>[]; row: T; name: string }) {
  return allowed(actions, row, useCan()).length ? <RowMenu actions={actions} row={row} name={name} /> : null
}

function cell<T extends { id: string }>(c: Column<T>, row: T, open: ((row: T) => string) | undefined, peek: boolean): ReactNode {
  if (!c.primary) return c.render(row)
  if (open) return <Link to={open(row)} className={css.primary}>{c.render(row)}</Link>
  return peek ? <PeekLink id={row.id}>{c.render(row)}</PeekLink> : <span className={css.primary}>{c.render(row)}</span>
}

function PeekLink({ id, children }: { id: string; children: ReactNode }) {
  const [search] = useSearchParams()
  const to = new URLSearchParams(search)
  to.set('peek', id)
  return <Link to={{ search: '?' + to }} replace className={css.primary}>{children}</Link>
}

// Eight grey rows stand where the rows will be, so that nothing moves when they come.
function Bones({ columns, extra }: { columns: readonly { key: string; align?: 'right' }[]; extra: number }) {
  return Array.from({ length: 8 }, (_, i) => (
    <tr key={i} aria-hidden="true">
      {columns.map((c, j) => <td key={c.key} style={{ textAlign: c.align }}><i className={css.bone} style={{ width: `${[72, 48, 60, 40, 55][(i + j) % 5]}%` }} /></td>)}
      {Array.from({ length: extra }, (_, j) => <td key={j} />)}
    </tr>
  ))
}
