import { ArrowLeftOutlined, ArrowRightOutlined } from '@ant-design/icons'
import { Button, Drawer } from 'antd'
import { useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { beside } from './walk'

interface Props<T> { rows: readonly T[]; label: string; nameOf: (row: T) => string; open?: (row: { id: string }) => string; body: (id: string) => ReactNode }

/** Peek is the quick look from a list: Esc closes, ← and → go to the next row. Which one it is stands in the address; it need not be on this page of the list. */
export default function Peek<T extends { id: string }>({ rows, label, nameOf, open, body }: Props<T>) {
  const { t } = useTranslation()
  const [search, setSearch] = useSearchParams()
  const id = search.get('peek')
  const { row, previous, next } = beside(rows, id)
  const title = useRef({ id, text: '' })
  if (row) title.current = { id, text: nameOf(row) } // a row that leaves the page keeps its name
  const go = (to?: string) => setSearch(s => { to ? s.set('peek', to) : s.delete('peek'); return s }, { replace: true })

  useEffect(() => {
    if (!id) return
    const press = (e: KeyboardEvent) => {
      if ((e.target as Element).closest('input,textarea,select,[role=slider],[role=combobox],[data-keys]')) return
      const to = { ArrowLeft: previous, ArrowRight: next }[e.key]
      if (to) go(to)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  })

  return (
    <Drawer open={!!id} onClose={() => go()} size={560} title={(title.current.id === id && title.current.text) || t(label)} destroyOnHidden extra={id && (
      <div className="row">
        <Button type="text" icon={<ArrowLeftOutlined />} disabled={!previous} aria-label={t('platform.previous')} onClick={() => go(previous)} />
        <Button type="text" icon={<ArrowRightOutlined />} disabled={!next} aria-label={t('platform.next')} onClick={() => go(next)} />
        {open && <Link to={open({ id })}><Button>{t('platform.openPage')}</Button></Link>}
      </div>
    )}>
      {id && body(id)}
    </Drawer>
  )
}
