import { useTranslation } from 'react-i18next'
import type { Column } from '@/platform/grid/column'
import { phone } from '@/platform/format'
import { Ago, Duration, Phone } from '@/platform/Text'
import type { Call, Ref } from '@/platform/types'
import { CampaignLink } from '@/words/CampaignLink'
import { GradeTag } from '@/words/GradeTag'
import { Tag, useOutcome } from '@/words/StateTag'

/** nameOf is what a person calls a call: the customer's name, or their number. */
export const nameOf = (c: Pick<Call, 'name' | 'number'>) => c.name || phone(c.number)

/** Result is how the call ended; one cut short by us says so. */
export function Result({ call }: { call: Pick<Call, 'outcome' | 'interrupted'> }) {
  const { t } = useTranslation()
  const outcome = useOutcome()
  return <span className="row nowrap">{outcome(call.outcome)}{call.interrupted && call.outcome !== 'interrupted' && <Tag tone="amber">{t('words.state.interrupted')}</Tag>}</span>
}

/** Owner is to whom the call's customer was given. */
export function Owner({ to }: { to: Ref | null }) {
  const { t } = useTranslation()
  return to ? <>{to.name}</> : <span className="quiet">{t('call.unassigned')}</span>
}

const all: Column<Call>[] = [
  { key: 'name', title: 'call.name', render: nameOf, primary: true, width: 120 },
  { key: 'number', title: 'call.number', render: c => <Phone number={c.number} />, width: 140 },
  { key: 'grade', title: 'call.grade', render: c => <GradeTag grade={c.grade || null} />, width: 72 },
  { key: 'outcome', title: 'call.outcome', render: c => <Result call={c} />, width: 120 },
  { key: 'talk_ms', title: 'call.talk', render: c => (c.talk_ms ? <Duration ms={c.talk_ms} /> : <span className="quiet">–</span>), align: 'right', width: 84 },
  { key: 'rounds', title: 'call.rounds', render: c => <span className="num">{c.rounds || <span className="quiet">–</span>}</span>, align: 'right', width: 72 },
  { key: 'campaign', title: 'call.campaign', render: c => <CampaignLink campaign={c.campaign} />, width: 200 },
  { key: 'seat', title: 'call.seat', render: c => c.seat, width: 90, hidden: true },
  { key: 'assigned_to', title: 'call.owner', render: c => <Owner to={c.assigned_to} />, width: 100 },
  { key: 'duration_ms', title: 'call.whole', render: c => <Duration ms={c.duration_ms} />, align: 'right', width: 90, hidden: true },
  { key: 'started_at', title: 'call.at', render: c => <Ago at={c.started_at} />, width: 110 },
]

/** columnsOf are the columns of the call records; inside one campaign its name is left out. */
export const columnsOf = (inCampaign: boolean) => (inCampaign ? all.filter(c => c.key !== 'campaign') : all)
