import { Skeleton } from 'antd'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { api, data } from '@/platform/api'
import type { Filter } from '@/platform/grid/filter'
import { Grid } from '@/platform/grid/Grid'
import { Page } from '@/platform/Page'
import { actions } from './actions'
import { columns } from './columns'
import { sorted } from './order'

const Detail = lazy(() => import('./Detail').then(m => ({ default: m.Detail })))

const states = ['idle', 'in_service', 'disabled', 'expired'] as const

/** 机器坐席: one robot seat is one concurrent call. */
export default function List() {
  const { t } = useTranslation()
  const filters: Filter[] = [
    { kind: 'search', name: 'q', label: 'seat.search' },
    { kind: 'choice', name: 'state', label: 'seat.state', options: states.map(s => ({ value: s, label: t(`words.state.${s}`) })) },
  ]
  return (
    <Page title={t('seat.title')} about={t('seat.about')}>
      <Grid name="seats" label="seat.title" columns={columns} filters={filters} actions={actions} nameOf={s => s.name}
        load={({ sort, ...query }) => data(api.GET('/seats', { params: { query } })).then(page => sorted(page, sort))}
        peek={id => <Suspense fallback={<Skeleton active paragraph={{ rows: 10 }} />}><Detail id={id} /></Suspense>} empty={{ title: 'seat.empty', text: 'seat.emptyHint' }} />
    </Page>
  )
}
