import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, data } from '@/platform/api'
import { Scene } from '@/platform/Empty'
import { Part } from '@/platform/Loaded'
import { Panel } from '@/platform/Page'
import { Time } from '@/platform/Text'
import css from './Campaign.module.css'

/** Log is who did what to the campaign, newest first (FEATURES A3.1). */
export function Log({ campaign }: { campaign: string }) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['campaigns', campaign, 'log'], queryFn: async () => (await data(api.GET('/campaigns/{id}/log', { params: { path: { id: campaign } } }))) ?? [] })
  return <Panel><Part query={query} rows={4}>{lines => (lines.length
    ? <ol className={css.log}>{lines.map((l, i) => <li key={i}><Time at={l.at} /><b>{l.by || t('campaign.system')}</b><span>{l.text}</span></li>)}</ol>
    : <Scene compact title={t('campaign.noLog')} />)}</Part></Panel>
}
