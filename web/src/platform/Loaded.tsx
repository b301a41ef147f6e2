import { Button, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import css from './Errors.module.css'
import { Failure } from './Errors'
import { Page, type Crumb } from './Page'
import { standing, type Fetched } from './standing'

interface PartProps<T> { query: Fetched<T>; rows?: number; compact?: boolean; children: (data: T) => ReactNode }

/** Stale says that what is shown below could not be refreshed. */
export function Stale({ retry }: { retry: () => unknown }) {
  const { t } = useTranslation()
  return <div className={css.stale} role="status">{t('platform.stale')} <Button size="small" type="link" onClick={() => void retry()}>{t('platform.retry')}</Button></div>
}

/** Part is a place that shows what was fetched: bones before, a failure where there is nothing to show. What is there stays when a refresh fails. */
export function Part<T>({ query, rows = 8, compact, children }: PartProps<T>) {
  const { show, data } = standing(query)
  if (show === 'failure') return <Failure compact={compact} error={query.error} retry={() => void query.refetch()} />
  return show === 'bones' ? <Skeleton active paragraph={{ rows }} /> : children(data as T)
}

/** Loaded is the same for a whole detail page: one that could not be refreshed says so above, one that is gone (404) is not shown any longer. */
export function Loaded<T>({ query, name, crumbs, rows = 12, children }: Omit<PartProps<T>, 'compact'> & { name: string; crumbs: Crumb[] }) {
  const { show, data } = standing(query)
  if (show === 'data' || show === 'stale') return <>{show === 'stale' && <Stale retry={query.refetch} />}{children(data as T)}</>
  return (
    <Page title={show === 'failure' ? name : <Skeleton.Input active />} name={name} crumbs={crumbs}>
      <div className="panel pad"><Part query={query} rows={rows}>{() => null}</Part></div>
    </Page>
  )
}
