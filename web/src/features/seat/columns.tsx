import { count } from '@/platform/format'
import type { Column } from '@/platform/grid/column'
import { Ago, Phone } from '@/platform/Text'
import type { Seat } from '@/platform/types'
import { CampaignLink } from '@/words/CampaignLink'
import { StateTag } from '@/words/StateTag'
import { Validity } from './Validity'

export const columns: Column<Seat>[] = [
  { key: 'name', title: 'seat.name', render: s => s.name, primary: true, width: 180 },
  { key: 'number', title: 'seat.number', render: s => <Phone number={s.number} />, width: 160 },
  { key: 'state', title: 'seat.state', render: s => <StateTag state={s.state} />, width: 120 },
  { key: 'campaign', title: 'seat.campaign', render: s => <CampaignLink campaign={s.campaign} />, width: 220 },
  { key: 'dial_count', title: 'seat.dials', render: s => count(s.dial_count), align: 'right', sort: true, width: 120 },
  { key: 'valid_until', title: 'seat.validUntil', render: s => <Validity seat={s} />, sort: true, width: 200 },
  { key: 'created_at', title: 'seat.created', render: s => <Ago at={s.created_at} />, hidden: true, width: 140 },
]
