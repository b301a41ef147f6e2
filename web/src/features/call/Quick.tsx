import { useTranslation } from 'react-i18next'
import { Part } from '@/platform/Loaded'
import { Facts } from '@/platform/Page'
import { Player } from '@/platform/Player'
import { Duration, Phone, Time } from '@/platform/Text'
import { CampaignLink } from '@/words/CampaignLink'
import { Result } from './columns'
import { useCall } from './useCall'
import { Why } from './Why'

/** Quick is the look at a call from a list: why its grade, and the talk itself. */
export function Quick({ id }: { id: string }) {
  const { t } = useTranslation()
  const query = useCall(id)
  return <Part query={query} rows={12}>{call => (
    <div className="stack" style={{ gap: 20 }}>
      <Why call={call} />
      <Facts items={[
        { label: t('call.number'), value: <Phone number={call.number} /> }, { label: t('call.outcome'), value: <Result call={call} /> }, { label: t('call.talk'), value: <Duration ms={call.talk_ms} /> },
        { label: t('call.campaign'), value: <CampaignLink campaign={call.campaign} /> }, { label: t('call.seat'), value: call.seat }, { label: t('call.at'), value: <Time at={call.started_at} /> },
      ]} />
      <Player call={call.id} recording={call.recording} turns={call.transcript} />
    </div>
  )}</Part>
}
