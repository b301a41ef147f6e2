import { Input, Skeleton } from 'antd'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { DownloadButton } from '@/platform/DownloadButton'
import { Summary } from '@/platform/form/Summary'
import type { Import } from '@/platform/types'
import { Upload } from '@/platform/Upload'
import { useUpload } from '@/platform/useUpload'
import { Ask } from './parts'
import type { StepProps } from './steps'
import css from './Wizard.module.css'

// What is shown of a file comes while the file goes up.
const ListFile = lazy(() => import('./ListFile').then(m => ({ default: m.ListFile })))

/** Step 1: the name and the leads. */
export function LeadsStep({ draft, set, wrong }: StepProps) {
  const { t } = useTranslation()
  // A campaign without a name is called as its file, which can be changed.
  const take = (list: Import) => set({ list, ...(draft.name ? {} : { name: list.file_name.replace(/\.xlsx$/i, '').slice(0, 60) }) })
  return (
    <section className={`panel ${css.body}`}>
      <Ask label={t('campaign.name')} error={wrong('name')} id="campaign-name">
        <Input id="campaign-name" value={draft.name} maxLength={60} placeholder={t('campaign.namePlaceholder')} onChange={e => set({ name: e.target.value })} status={wrong('name') ? 'error' : undefined} aria-invalid={!!wrong('name')} aria-describedby={wrong('name') && 'campaign-name-error'} />
      </Ask>
      <Ask label={t('campaign.list')} error={wrong('import_id')} extra={<DownloadButton type="link" size="small" path="/imports/sample" name="sample">{t('campaign.sample')}</DownloadButton>}>
        {draft.list ? <Suspense fallback={<Skeleton active paragraph={{ rows: 5 }} />}><ListFile list={draft.list} change={list => set({ list })} /></Suspense> : <Drop take={take} />}
      </Ask>
    </section>
  )
}

function Drop({ take }: { take: (list: Import) => void }) {
  const { t } = useTranslation()
  const { failed, send, ...way } = useUpload<Import>('/imports', take)
  return (
    <div className="stack">
      <Upload accept=".xlsx" hint={t('campaign.uploadHint')} take={file => void send(file)} {...way} />
      {failed != null && <Summary error={failed} names={[]} />}
    </div>
  )
}
