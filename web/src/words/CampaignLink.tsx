import { Link } from 'react-router'
import { useCan } from '@/platform/session'
import type { Ref } from '@/platform/types'

/** CampaignLink names a campaign; a link for those who may open it. */
export function CampaignLink({ campaign }: { campaign: Ref | null | undefined }) {
  const can = useCan()
  if (!campaign) return <span className="quiet">–</span>
  return can('campaign:read') ? <Link to={`/campaigns/${campaign.id}`}>{campaign.name}</Link> : <>{campaign.name}</>
}
