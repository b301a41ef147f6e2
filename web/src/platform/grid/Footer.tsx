import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { Button, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { count } from '../format'
import type { PageOf } from '../types'
import css from './Grid.module.css'

interface Props { page: PageOf<unknown>; number: number; limit: number; next: () => void; back: () => void; setLimit: (n: number) => void }

/** Footer pages by cursor. A count that the server could not make cheaply is said as "more than", never waited for. */
export function Footer({ page, number, limit, next, back, setLimit }: Props) {
  const { t } = useTranslation()
  const first = number * limit + 1
  const shown = t('platform.rows', { from: count(first), to: count(first + page.items.length - 1) })
  const total = page.total == null ? '' : t(page.total_capped ? 'platform.ofMore' : 'platform.ofTotal', { total: count(page.total) })
  return (
    <div className={css.footer}>
      <span className="num">{shown} {total}</span>
      <span className="grow" />
      <Select size="small" variant="borderless" value={limit} aria-label={t('platform.pageSize')} popupMatchSelectWidth={false} onChange={setLimit}
        options={[20, 50, 100, 200].map(n => ({ value: n, label: t('platform.perPage', { n }) }))} />
      <Button size="small" type="text" icon={<LeftOutlined />} disabled={number === 0} aria-label={t('platform.previous')} onClick={back} />
      <Button size="small" type="text" icon={<RightOutlined />} disabled={!page.next} aria-label={t('platform.next')} onClick={next} />
    </div>
  )
}
