import { useTranslation } from 'react-i18next'
import { phone } from '@/platform/format'
import type { Column } from '@/platform/grid/column'
import { Ago, Phone } from '@/platform/Text'
import type { Customer } from '@/platform/types'
import { GradeTag } from '@/words/GradeTag'

/** nameOf is what a person calls a customer: the name, or the number. */
export const nameOf = (c: Pick<Customer, 'name' | 'number'>) => c.name || phone(c.number)

/** Source is where a customer came from; what the program itself writes is put into words. */
export function Source({ source }: { source: string }) {
  const { t, i18n } = useTranslation()
  if (!source) return <span className="quiet">–</span>
  const key = `customer.from.${source}`
  return <>{i18n.exists(key) ? t(key) : source}</>
}

/** Owner is the rep whose customer it is. */
export function Owner({ of }: { of: Pick<Customer, 'owner'> }) {
  const { t } = useTranslation()
  return of.owner ? <>{of.owner.name}</> : <span className="quiet">{t('customer.noOwner')}</span>
}

export const columns: Column<Customer>[] = [
  { key: 'name', title: 'customer.name', render: nameOf, primary: true, width: 140 },
  { key: 'number', title: 'customer.number', render: c => <Phone number={c.number} />, width: 150 },
  { key: 'grade', title: 'customer.grade', render: c => <GradeTag grade={c.grade} />, width: 90 },
  { key: 'campaigns', title: 'customer.campaigns', render: c => <span className="num">{c.campaigns}</span>, align: 'right', width: 90 },
  { key: 'calls', title: 'customer.calls', render: c => <span className="num">{c.calls}</span>, align: 'right', width: 90 },
  { key: 'owner', title: 'customer.owner', render: c => <Owner of={c} />, width: 120 },
  { key: 'source', title: 'customer.source', render: c => <Source source={c.source} />, width: 120 },
  { key: 'last_call_at', title: 'customer.lastCall', render: c => <Ago at={c.last_call_at} />, width: 130 },
  { key: 'created_at', title: 'customer.created', render: c => <Ago at={c.created_at} />, width: 130, hidden: true },
]
