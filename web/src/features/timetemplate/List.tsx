import { EditOutlined, PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Action } from '@/platform/action'
import { api, data } from '@/platform/api'
import { Grid } from '@/platform/grid/Grid'
import { Page } from '@/platform/Page'
import { useCan } from '@/platform/session'
import type { TimeTemplate } from '@/platform/types'
import { actions } from './actions'
import { columns } from './columns'

const Drawer = lazy(() => import('./Drawer'))

/** 时间模板: when calls may start. */
export default function List() {
  const { t } = useTranslation()
  const can = useCan()
  const [form, setForm] = useState<{ open: boolean; edit?: TimeTemplate }>({ open: false })
  const all = useMemo<Action<TimeTemplate>[]>(() => [
    { name: 'edit', label: 'platform.edit', icon: <EditOutlined />, right: 'template:write', run: edit => setForm({ open: true, edit }) }, ...actions,
  ], [])
  const create = can('template:write') && <Button type="primary" icon={<PlusOutlined />} onClick={() => setForm({ open: true })} data-action="create">{t('timetemplate.create')}</Button>
  return (
    <Page title={t('timetemplate.title')} about={t('timetemplate.about')} primary={create}>
      <Grid name="time-templates" label="timetemplate.title" columns={columns} actions={all} nameOf={x => x.name}
        load={() => data(api.GET('/time-templates'))} empty={{ title: 'timetemplate.empty', text: 'timetemplate.emptyHint', action: create }} />
      <Suspense><Drawer key={form.edit?.id ?? 'new'} open={form.open} edit={form.edit} close={() => setForm(f => ({ ...f, open: false }))} /></Suspense>
    </Page>
  )
}
