import { Skeleton } from 'antd'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { api, data } from '@/platform/api'
import type { Filter } from '@/platform/grid/filter'
import { Grid } from '@/platform/grid/Grid'
import { useCan } from '@/platform/session'
import { grades } from '@/platform/types'
import { columns, nameOf } from './columns'
import { useReps } from './useReps'
import { useCustomerActions } from './useCustomerActions'

const Look = lazy(() => import('./Look').then(m => ({ default: m.Look })))

function useFilters(mine: boolean): Filter[] {
  const { t } = useTranslation()
  const asked = useCan()('user:read') && !mine
  const reps = useReps(asked)
  const owners = [{ value: 'none', label: t('customer.noOwner') }, ...(reps.data?.items ?? []).map(r => ({ value: r.id, label: r.name }))]
  return [
    { kind: 'search', name: 'q', label: 'customer.search' },
    { kind: 'choice', name: 'grade', label: 'customer.grade', many: true, options: grades.map(g => ({ value: g, label: g })) },
    ...(asked ? [{ kind: 'choice', name: 'owner', label: 'customer.owner', options: owners } as const] : []),
  ]
}

/** CustomerGrid is the list of customers: everybody who was dialled, or one's own. */
export function CustomerGrid({ mine = false }: { mine?: boolean }) {
  const filters = useFilters(mine)
  const { actions, bulk, drawers } = useCustomerActions()
  return (
    <>
      <Grid name="customers" label={mine ? 'customer.mine' : 'customer.title'} columns={mine ? columns.filter(c => c.key !== 'owner') : columns} filters={filters} fixed={mine ? { mine: true } : undefined}
        actions={actions} bulk={mine ? undefined : bulk} nameOf={nameOf} load={q => data(api.GET('/customers', { params: { query: q } }))}
        open={c => `/customers/${c.id}`} peek={id => <Suspense fallback={<Skeleton active paragraph={{ rows: 10 }} />}><Look id={id} /></Suspense>} empty={mine ? { title: 'customer.emptyMine', text: 'customer.emptyMineHint' } : { title: 'customer.empty', text: 'customer.emptyHint' }} />
      {drawers}
    </>
  )
}
