import { PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Action } from '@/platform/action'
import { api, data } from '@/platform/api'
import { phone } from '@/platform/format'
import type { Column } from '@/platform/grid/column'
import { Grid } from '@/platform/grid/Grid'
import { Page } from '@/platform/Page'
import { useCan } from '@/platform/session'
import { Ago, Phone } from '@/platform/Text'
import type { Dnc } from '@/platform/types'
import { Tag } from '@/words/StateTag'

const Drawer = lazy(() => import('./Drawer'))

function Source({ source }: { source: Dnc['source'] }) {
  const { t } = useTranslation()
  return <Tag tone={source === 'call' ? 'amber' : 'grey'}>{t(`dnc.from.${source}`)}</Tag>
}

const columns: Column<Dnc>[] = [
  { key: 'number', title: 'dnc.number', render: d => <Phone number={d.number} />, primary: true, width: 200 },
  { key: 'source', title: 'dnc.source', render: d => <Source source={d.source} />, width: 160 },
  { key: 'note', title: 'dnc.note', render: d => d.note || <span className="quiet">–</span> },
  { key: 'created_at', title: 'dnc.created', render: d => <Ago at={d.created_at} />, width: 160 },
]

const actions: Action<Dnc>[] = [{
  name: 'remove', label: 'dnc.remove', right: 'dnc:write', danger: true, touches: ['dnc'], done: 'dnc.removed',
  confirm: d => ({ title: 'dnc.removeTitle', body: d.source === 'call' ? 'dnc.removeWished' : 'dnc.removeText', args: { number: phone(d.number) } }),
  run: d => api.DELETE('/dnc/{id}', { params: { path: { id: d.id } } }),
}]

/** 免打扰名单: numbers that are never dialled, whatever list they appear in. */
export default function List() {
  const { t } = useTranslation()
  const can = useCan()
  const [open, setOpen] = useState(false)
  const add = can('dnc:write') && <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen(true)} data-action="create">{t('dnc.add')}</Button>
  return (
    <Page title={t('dnc.title')} about={t('dnc.about')} primary={add}>
      <Grid name="dnc" label="dnc.title" columns={columns} actions={actions} nameOf={d => phone(d.number)} filters={[{ kind: 'search', name: 'q', label: 'dnc.search' }]}
        load={q => data(api.GET('/dnc', { params: { query: q } }))} empty={{ title: 'dnc.empty', text: 'dnc.emptyHint', action: add }} />
      <Suspense><Drawer open={open} close={() => setOpen(false)} /></Suspense>
    </Page>
  )
}
