import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, data } from '@/platform/api'
import type { Filter } from '@/platform/grid/filter'
import { Grid } from '@/platform/grid/Grid'
import { Page } from '@/platform/Page'
import { useCan } from '@/platform/session'
import { columns } from './columns'
import { useCampaignActions } from './useCampaignActions'
import { useCampaignEvents } from './useCampaign'

export const states = ['running', 'paused', 'not_started', 'completed', 'terminated'] as const

function useFilters(): Filter[] {
  const { t } = useTranslation()
  const scripts = useQuery({ queryKey: ['scripts', 'choices'], queryFn: () => data(api.GET('/scripts', { params: { query: { limit: 200 } } })), enabled: useCan()('script:read'), staleTime: 60_000 })
  return [
    { kind: 'search', name: 'q', label: 'campaign.search' },
    { kind: 'choice', name: 'state', label: 'campaign.state', many: true, options: states.map(s => ({ value: s, label: t(`words.state.${s}`) })) },
    { kind: 'choice', name: 'script', label: 'campaign.script', options: (scripts.data?.items ?? []).map(s => ({ value: s.id, label: s.name })) },
    { kind: 'dates', name: 'days', label: 'campaign.created', more: true },
  ]
}

/** 营销任务: the campaigns, their progress ticking as it happens. */
export default function List() {
  const { t } = useTranslation()
  const can = useCan()
  const filters = useFilters()
  const { actions, drawers } = useCampaignActions()
  useCampaignEvents()
  const create = can('campaign:write') && <Link to="/campaigns/new"><Button type="primary" icon={<PlusOutlined />} data-action="create">{t('campaign.create')}</Button></Link>
  return (
    <Page title={t('campaign.title')} about={t('campaign.about')} primary={create}>
      <Grid name="campaigns" label="campaign.title" columns={columns} filters={filters} actions={actions} nameOf={c => c.name}
        load={q => data(api.GET('/campaigns', { params: { query: q } }))} open={c => `/campaigns/${c.id}`}
        empty={{ title: 'campaign.empty', text: 'campaign.emptyHint', action: create }} />
      {drawers}
    </Page>
  )
}
