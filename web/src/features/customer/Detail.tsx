import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { Buttons } from '@/platform/Actions'
import { Loaded } from '@/platform/Loaded'
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
  const { actions, drawers } = useCustomerActions(() => go('/customers'))
  const crumbs = [{ label: t('customer.title'), to: '/customers' }]
  return (
    <Loaded query={query} name={t('customer.one')} crumbs={crumbs} rows={10}>{c => (
      <Page title={nameOf(c)} crumbs={crumbs} state={<GradeTag grade={c.grade} named />} primary={<Buttons actions={actions} row={c} name={nameOf(c)} />}>
        <BasicFacts key={c.id} customer={c} />
        <History of={c} />
        {drawers}
      </Page>
    )}</Loaded>
  )
}
