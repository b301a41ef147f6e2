import { MoreOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { allowed, type Action } from './action'
import { useCan } from './session'
import { useAction } from './useAction'

/** RowMenu is the three dots at the end of a row; nothing where nothing can be done. */
export function RowMenu<T>({ actions, row, name }: { actions: readonly Action<T>[]; row: T; name: string }) {
  const { t } = useTranslation()
  const act = useAction()
  const can = useCan()
  const offered = allowed(actions, row, can)
  if (!offered.length) return null
  const items = offered.map(a => ({ key: a.name, label: t(a.label), icon: a.icon, danger: a.danger, onClick: () => void act(a, row) }))
  return (
    <Dropdown trigger={['click']} placement="bottomRight" menu={{ items, onClick: e => e.domEvent.stopPropagation() }}>
      <Button type="text" size="small" icon={<MoreOutlined />} aria-label={t('platform.actionsOf', { name })} onClick={e => e.stopPropagation()} />
    </Dropdown>
  )
}

/** Buttons is the same list on a detail page: the primary verb as a button, the rest beside it or behind the dots. */
export function Buttons<T>({ actions, row, name, shown = 3, size }: { actions: readonly Action<T>[]; row: T; name: string; shown?: number; size?: 'small' }) {
  const can = useCan()
  const offered = allowed(actions, row, can)
  const front = offered.filter(a => !a.danger || a.primary).slice(0, shown)
  const rest = offered.filter(a => !front.includes(a))
  return (
    <div className="row wrap">
      {front.map(a => <Verb key={a.name} action={a} row={row} size={size} />)}
      {rest.length > 0 && <RowMenu actions={rest} row={row} name={name} />}
    </div>
  )
}

function Verb<T>({ action, row, size }: { action: Action<T>; row: T; size?: 'small' }) {
  const { t } = useTranslation()
  const act = useAction()
  const [busy, setBusy] = useState(false)
  const press = async () => {
    setBusy(true)
    await act(action, row)
    setBusy(false)
  }
  return <Button size={size} type={action.primary ? 'primary' : 'default'} danger={action.danger} icon={action.icon} loading={busy} onClick={press} data-action={action.name}>{t(action.label)}</Button>
}
