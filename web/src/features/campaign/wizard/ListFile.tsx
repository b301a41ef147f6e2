import { CheckCircleFilled, FileExcelOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Progress } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, data } from '@/platform/api'
import { DownloadButton } from '@/platform/DownloadButton'
import { Failure } from '@/platform/Errors'
import { count } from '@/platform/format'
import { standing } from '@/platform/standing'
import type { Import } from '@/platform/types'
import { Columns } from './Columns'
import { pause } from './follow'
import css from './Wizard.module.css'

interface Props { list: Import; change: (list: Import | null) => void }

/** ListFile is the uploaded file: its columns, then the check of its rows, then what the check found. */
export function ListFile({ list, change }: Props) {
  const { t } = useTranslation()
  const [again, setAgain] = useState(false)
  const queries = useQueryClient()
  const follow = useFollow(list, change)
  // The answer replaces the verdict of an earlier check, which would end this one before it began.
  const checked = (got: Import) => { queries.setQueryData(['imports', got.id], got); setAgain(false); change(got) }
  const drop = () => {
    void api.DELETE('/imports/{id}', { params: { path: { id: list.id } } }).catch(() => {}) // an upload nobody uses does no harm
    change(null)
  }
  const columns = list.state === 'uploaded' || list.state === 'failed' || again
  return (
    <div className={css.file} data-state={list.state}>
      <header><FileExcelOutlined /><b className="clip">{list.file_name}</b><span className="quiet num">{t('campaign.rows', { count: list.total })}</span><span className="grow" /><Button size="small" onClick={drop} disabled={list.state === 'checking'}>{t('campaign.otherFile')}</Button></header>
      {list.state !== 'checking' && standing(follow).show === 'failure' ? <Failure compact error={follow.error} retry={() => void follow.refetch()} />
        : list.state === 'checking' ? <Checking list={list} cancel={drop} error={follow.error} retry={() => void follow.refetch()} />
        : columns ? <Columns list={list} checked={checked} />
        : <Found list={list} remap={() => setAgain(true)} />}
    </div>
  )
}

// While rows are checked the server is asked how far it is. A list that was kept in a draft may be gone meanwhile: that is asked once.
function useFollow(list: Import, change: (list: Import) => void) {
  const checking = list.state === 'checking'
  const query = useQuery({
    queryKey: ['imports', list.id], queryFn: () => data(api.GET('/imports/{id}', { params: { path: { id: list.id } } })), refetchInterval: q => pause(checking, q.state.status === 'error'), gcTime: 0,
  })
  const bare = list.state === 'uploaded' && !list.sheet.preview?.length // its first rows were not kept
  useEffect(() => { if ((checking || bare) && query.data) change(query.data) }, [checking, bare, query.dataUpdatedAt])
  return query
}

function Checking({ list, cancel, error, retry }: { list: Import; cancel: () => void; error: unknown; retry: () => void }) {
  const { t } = useTranslation()
  const part = list.total ? Math.min(99, Math.floor((list.done / list.total) * 100)) : 0
  return (
    <div className={css.checking} aria-live="polite">
      <p>{t('campaign.checking', { done: count(list.done), total: count(list.total) })}</p>
      <div className="row"><Progress percent={part} showInfo={false} aria-label={t('campaign.check')} /><Button size="small" onClick={cancel}>{t('platform.cancel')}</Button></div>
      {error != null && <Failure compact error={error} retry={retry} />}
    </div>
  )
}

const whys = ['invalid', 'duplicate', 'dnc', 'in_campaign'] as const

function Found({ list, remap }: { list: Import; remap: () => void }) {
  const { t } = useTranslation()
  const rejected = whys.reduce((n, w) => n + list.rejected[w], 0)
  return (
    <div className={css.found}>
      <p className={css.accepted} data-none={list.accepted === 0}><CheckCircleFilled />{t('campaign.accepted', { count: list.accepted })}</p>
      {rejected > 0 && (
        <div className={css.rejected}>
          <p>{t('campaign.rejected', { count: rejected })}</p>
          <ul>{whys.filter(w => list.rejected[w] > 0).map(w => <li key={w}><span>{t(`campaign.reject.${w}`)}</span><b className="num">{count(list.rejected[w])}</b></li>)}</ul>
          {list.rejects_url && <DownloadButton size="small" path={`/imports/${list.id}/rejects`}>{t('campaign.rejectsFile')}</DownloadButton>}
        </div>
      )}
      <Button type="link" size="small" onClick={remap}>{t('campaign.remap')}</Button>
    </div>
  )
}
