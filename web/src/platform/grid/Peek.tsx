import { ArrowLeftOutlined, ArrowRightOutlined } from '@ant-design/icons'
import { Button, Drawer } from 'antd'
import { useEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'

interface Props<T> { rows: T[]; nameOf: (row: T) => string; open?: (row: T) => string; body: (row: T) => ReactNode }

/** Peek is the quick look from a list: Esc closes, ← and → go to the next row. Which row it is stands in the address. */
export default function Peek<T extends { id: string }>({ rows, nameOf, open, body }: Props<T>) {
  const { t } = useTranslation()
  const [search, setSearch] = useSearchParams()
  const at = rows.findIndex(r => r.id === search.get('peek'))
  const row = rows[at]
  const go = (id?: string) => setSearch(s => { id ? s.set('peek', id) : s.delete('peek'); return s }, { replace: true })

  useEffect(() => {
    if (!row) return
    const press = (e: KeyboardEvent) => {
      if ((e.target as Element).closest('input,textarea,select,[role=slider],[role=combobox],[data-keys]')) return
      if (e.key === 'ArrowLeft' && at > 0) go(rows[at - 1]!.id)
      if (e.key === 'ArrowRight' && at < rows.length - 1) go(rows[at + 1]!.id)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  })

  return (
    <Drawer open={!!row} onClose={() => go()} size={560} title={row && nameOf(row)} destroyOnHidden extra={row && (
      <div className="row">
        <Button type="text" icon={<ArrowLeftOutlined />} disabled={at <= 0} aria-label={t('platform.previous')} onClick={() => go(rows[at - 1]!.id)} />
        <Button type="text" icon={<ArrowRightOutlined />} disabled={at >= rows.length - 1} aria-label={t('platform.next')} onClick={() => go(rows[at + 1]!.id)} />
        {open && <Link to={open(row)}><Button>{t('platform.openPage')}</Button></Link>}
      </div>
    )}>
      {row && body(row)}
    </Drawer>
  )
}
