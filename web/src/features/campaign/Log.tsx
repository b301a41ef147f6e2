import { useQuery } from '@tanstack/react-query'
import { Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'
import { api, data } from '@/platform/api'
import { Scene } from '@/platform/Empty'
import { Failure } from '@/platform/Errors'
import { Panel } from '@/platform/Page'
import { Time } from '@/platform/Text'
import css from './Campaign.module.css'

/** Log is who did what to the campaign, newest first (FEATURES A3.1). */
export function Log({ campaign }: { campaign: string }) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['campaigns', campaign, 'log'], queryFn: () => data(api.GET('/campaigns/{id}/log', { params: { path: { id: campaign } } })) })
  if (query.isError) return <Panel><Failure error={query.error} retry={() => query.refetch()} /></Panel>
  if (query.isPending) return <Panel><Skeleton active paragraph={{ rows: 4 }} /></Panel>
  const lines = query.data ?? []
  if (!lines.length) return <Panel><Scene compact title={t('campaign.noLog')} /></Panel>
  return (
    <Panel>
      <ol className={css.log}>{lines.map((l, i) => <li key={i}><Time at={l.at} /><b>{l.by || t('campaign.system')}</b><span>{l.text}</span></li>)}</ol>
    </Panel>
  )
}
