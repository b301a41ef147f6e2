import { useTranslation } from 'react-i18next'
import { api, data } from '@/platform/api'
import { count, date } from '@/platform/format'
import type { Column } from '@/platform/grid/column'
import { Grid } from '@/platform/grid/Grid'
import { Page } from '@/platform/Page'
import { Ago } from '@/platform/Text'
import type { OperatorTenant } from '@/platform/types'
import { StateTag } from '@/words/StateTag'

const columns: Column<OperatorTenant>[] = [
  { key: 'name', title: 'operator.name', render: x => x.name, primary: true, width: 220 },
  { key: 'code', title: 'operator.code', render: x => x.code, width: 120 },
  { key: 'state', title: 'operator.state', render: x => <StateTag state={x.state} />, width: 110 },
  { key: 'seats', title: 'operator.seats', render: x => `${count(x.usage.seats_used)} / ${count(x.plan.robot_seats)}`, align: 'right', width: 130 },
  { key: 'calls', title: 'operator.calls', render: x => count(x.usage.calls_today), align: 'right', width: 110 },
  { key: 'sms', title: 'operator.sms', render: x => count(x.plan.sms_credit), align: 'right', width: 110 },
  { key: 'until', title: 'operator.until', render: x => (x.plan.valid_until ? date(x.plan.valid_until) : '–'), width: 130 },
  { key: 'created_at', title: 'operator.created', render: x => <Ago at={x.created_at} />, width: 130 },
]

/** 租户: who uses this installation, by plan and use. */
export default function Tenants() {
  const { t } = useTranslation()
  return (
    <Page title={t('operator.tenants')} about={t('operator.about')}>
      <Grid name="tenants" label="operator.tenants" columns={columns} nameOf={x => x.name} load={() => data(api.GET('/operator/tenants'))}
        empty={{ title: 'operator.empty', text: 'operator.emptyHint' }} />
    </Page>
  )
}
