import { SettingOutlined } from '@ant-design/icons'
import { Button, Checkbox, Popover, Segmented, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import { visible, type Column, type Layout } from './column'
import css from './Grid.module.css'

/** LayoutMenu is the column chooser and the density. */
export function LayoutMenu<T>({ columns, layout, change }: { columns: readonly Column<T>[]; layout: Layout; change: (part: Layout) => void }) {
  const { t } = useTranslation()
  const on = visible(columns, layout).map(c => c.key)
  const panel = (
    <div className={css.layout}>
      <Segmented block value={layout.dense ? 'dense' : 'roomy'} onChange={v => change({ dense: v === 'dense' })}
        options={[{ value: 'roomy', label: t('platform.roomy') }, { value: 'dense', label: t('platform.dense') }]} />
      <Checkbox.Group value={on} onChange={keys => change({ shown: keys as string[] })} className={css.checks}>
        {columns.map(c => <Checkbox key={c.key} value={c.key} disabled={c.fixed || c.primary}>{t(c.title)}</Checkbox>)}
      </Checkbox.Group>
      <Button size="small" type="link" onClick={() => change({ shown: undefined, dense: false })}>{t('platform.resetLayout')}</Button>
    </div>
  )
  return (
    <Popover trigger="click" placement="bottomRight" content={panel}>
      <Tooltip title={t('platform.columns')}><Button type="text" icon={<SettingOutlined />} aria-label={t('platform.columns')} /></Tooltip>
    </Popover>
  )
}
