import { EyeOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, data } from '@/platform/api'
import type { Column } from '@/platform/grid/column'
import { Rows } from '@/platform/grid/Rows'
import { Scene } from '@/platform/Empty'
import { Facts, Panel } from '@/platform/Page'
import { useCan } from '@/platform/session'
import { Ago, Duration, Phone, When } from '@/platform/Text'
import type { CustomerDetail, Grade } from '@/platform/types'
import { useAction } from '@/platform/useAction'
import { CampaignLink } from '@/words/CampaignLink'
import { GradeTag } from '@/words/GradeTag'
import { useOutcome } from '@/words/StateTag'
import { nameOf, Owner, Source } from './columns'
import { ownFields } from './form'

/** BasicFacts is who a customer is. */
export function BasicFacts({ customer: c }: { customer: CustomerDetail }) {
  const { t } = useTranslation()
  const own = ownFields(c).filter(([, v]) => v && v !== c.name).map(([label, value]) => ({ label, value }))
  const fixed = [
    { label: t('customer.number'), value: <Reveal customer={c} /> }, { label: t('customer.owner'), value: <Owner of={c} /> },
    { label: t('customer.campaigns'), value: c.campaigns }, { label: t('customer.calls'), value: c.calls },
    { label: t('customer.lastCall'), value: <When at={c.last_call_at} /> }, { label: t('customer.source'), value: <Source source={c.source} /> },
    ...(c.age == null ? [] : [{ label: t('customer.age'), value: c.age }]),
  ]
  return <Facts items={[...fixed.filter(f => !own.some(o => o.label === f.label)), ...own]} /> // a column of their own called 来源 says more than ours
}

// Seeing a whole number is written to the operation log, and asked for first.
function Reveal({ customer: c }: { customer: CustomerDetail }) {
  const { t } = useTranslation()
  const can = useCan()
  const act = useAction()
  const [number, setNumber] = useState('')
  const masked = c.number.includes('*')
  const show = () => void act({
    label: 'customer.reveal', confirm: () => ({ title: 'customer.revealTitle', body: 'customer.revealText', args: { name: nameOf(c) } }),
    run: async () => setNumber((await data(api.POST('/customers/{id}/reveal', { params: { path: { id: c.id } } }))).number),
  }, c)
  return (
    <span className="row">
      <Phone number={number || c.number} />
      {masked && !number && can('phone:reveal') && <Button type="text" size="small" icon={<EyeOutlined />} aria-label={t('customer.reveal')} title={t('customer.reveal')} onClick={show} data-action="reveal" />}
    </span>
  )
}

type Entry = CustomerDetail['history'][number] & { id: string }

function useColumns(slim: boolean): Column<Entry>[] {
  const outcome = useOutcome()
  const { t } = useTranslation()
  return useMemo(() => {
    const all: Column<Entry>[] = [
      { key: 'at', title: 'customer.at', render: h => <Ago at={h.at} />, primary: true, width: 120 },
      { key: 'kind', title: 'customer.kind', render: h => t(`customer.kinds.${h.kind}`), width: 90 },
      { key: 'grade', title: 'customer.grade', render: h => <GradeTag grade={(h.grade || null) as Grade | null} />, width: 80 },
      { key: 'outcome', title: 'customer.outcome', render: h => outcome(h.outcome), width: 120 },
      { key: 'talk', title: 'customer.duration', render: h => <Duration ms={h.duration_ms} />, align: 'right', width: 90 },
      { key: 'rounds', title: 'customer.rounds', render: h => <span className="num">{h.rounds}</span>, align: 'right', width: 80 },
      { key: 'campaign', title: 'customer.campaign', render: h => <CampaignLink campaign={h.campaign} /> },
      { key: 'seat', title: 'customer.seat', render: h => h.seat || '–', width: 90 },
    ]
    return slim ? all.filter(c => !['kind', 'campaign', 'seat'].includes(c.key)) : all
  }, [slim, t])
}

/** History is every call there was with a customer, newest first. */
export function History({ of, slim = false }: { of: CustomerDetail; slim?: boolean }) {
  const { t } = useTranslation()
  const columns = useColumns(slim)
  const rows = of.history.map(h => ({ ...h, id: h.call_id }))
  return (
    <Panel title={t('customer.history')} flush>
      {rows.length ? <div style={{ paddingBottom: 8 }}><Rows label="customer.history" columns={columns} rows={rows} nameOf={h => h.at} open={h => `/calls/${h.call_id}`} /></div>
        : <Scene compact title={t('customer.noHistory')} text={t('customer.noHistoryHint')} />}
    </Panel>
  )
}
