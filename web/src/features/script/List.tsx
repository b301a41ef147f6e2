import { DownloadOutlined, UploadOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, data } from '@/platform/api'
import { download } from '@/platform/download'
import { useFail } from '@/platform/Errors'
import type { Filter } from '@/platform/grid/filter'
import { Grid } from '@/platform/grid/Grid'
import { Page } from '@/platform/Page'
import { useCan } from '@/platform/session'
import { actionsOf } from './actions'
import { columns } from './columns'
import { usePublishing } from './usePublishing'

const actions = actionsOf()
const Uploader = lazy(() => import('./Uploader'))

/** 话术: what the robots say, ask and understand. */
export default function List() {
  const { t } = useTranslation()
  const can = useCan()
  const [open, setOpen] = useState(false)
  usePublishing()
  const filters: Filter[] = [
    { kind: 'search', name: 'q', label: 'script.search' },
    { kind: 'choice', name: 'state', label: 'script.state', options: ['draft', 'published'].map(s => ({ value: s, label: t(`words.state.${s}`) })) },
  ]
  const upload = can('script:write') && <Button type="primary" icon={<UploadOutlined />} onClick={() => setOpen(true)} data-action="upload">{t('script.upload')}</Button>
  return (
    <Page title={t('script.title')} about={t('script.about')} primary={<><Template />{upload}</>}>
      <Grid name="scripts" label="script.title" columns={columns} filters={filters} actions={actions} nameOf={s => s.name} open={s => `/scripts/${s.id}`}
        load={q => data(api.GET('/scripts', { params: { query: q } }))} empty={{ title: 'script.empty', text: 'script.emptyHint', action: <><Template /> {upload}</> }} />
      <Suspense>{open && <Uploader close={() => setOpen(false)} />}</Suspense>
    </Page>
  )
}

function Template() {
  const { t } = useTranslation()
  const fail = useFail()
  const items = (['xlsx', 'json'] as const).map(format => ({
    key: format, label: t(format === 'xlsx' ? 'script.excelTemplate' : 'script.jsonTemplate'), onClick: () => void download('/scripts/template', { format }).catch(fail),
  }))
  return <Dropdown menu={{ items }} trigger={['click']}><Button icon={<DownloadOutlined />}>{t('script.template')}</Button></Dropdown>
}
