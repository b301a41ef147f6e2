import { CloseOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { BulkAction } from '../action'
import { useCan } from '../session'
import { useAction } from '../useAction'
import css from './Grid.module.css'

/** BulkBar shows how many rows are ticked and what can be done to all of them. */
export function BulkBar<T>({ actions, rows, clear }: { actions: readonly BulkAction<T>[]; rows: T[]; clear: () => void }) {
  const { t } = useTranslation()
  const can = useCan()
  const act = useAction()
  return (
    <div className={css.bulk} role="toolbar" aria-label={t('platform.bulk')}>
      <b className="num">{t('platform.picked', { count: rows.length })}</b>
      {actions.filter(a => can(a.right)).map(a => (
        <Button key={a.name} size="small" danger={a.danger} icon={a.icon} onClick={async () => { if (await act(a, rows)) clear() }}>{t(a.label)}</Button>
      ))}
      <span className="grow" />
      <Button size="small" type="text" icon={<CloseOutlined />} aria-label={t('platform.unpick')} onClick={clear} />
    </div>
  )
}
