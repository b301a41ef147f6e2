import { Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { Buttons } from '@/platform/Actions'
import { Failure } from '@/platform/Errors'
import { Page } from '@/platform/Page'
import { GradeTag } from '@/words/GradeTag'
import { nameOf } from './columns'
import { useCustomer } from './Look'
import { BasicFacts, History } from './parts'
import { useCustomerActions } from './useCustomerActions'

/** One customer: who they are, whose they are, and every call there was. */
export default function Detail() {
  const { t } = useTranslation()
  const { id = '' } = useParams()
  const go = useNavigate()
  const query = useCustomer(id)
  const { actions, drawers } = useCustomerActions(() => void go('/customers'))
  const c = query.data
  const crumbs = [{ label: t('customer.title'), to: '/customers' }]
  if (!c) return (
    <Page title={query.isError ? t('customer.one') : <Skeleton.Input active />} name={t('customer.one')} crumbs={crumbs}>
      <div className="panel pad">{query.isError ? <Failure error={query.error} retry={() => query.refetch()} /> : <Skeleton active paragraph={{ rows: 10 }} />}</div>
    </Page>
  )
  return (
    <Page title={nameOf(c)} crumbs={crumbs} state={<GradeTag grade={c.grade} named />} primary={<Buttons actions={actions} row={c} name={nameOf(c)} />}>
      <BasicFacts key={c.id} customer={c} />
      <History of={c} />
      {drawers}
    </Page>
  )
}
