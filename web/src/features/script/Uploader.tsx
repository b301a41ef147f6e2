import { useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { Summary } from '@/platform/form/Summary'
import { asProblem } from '@/platform/problem'
import type { ScriptDetail } from '@/platform/types'
import { Upload } from '@/platform/Upload'
import { useUpload } from '@/platform/useUpload'
import { fromFields, Problems } from './Problems'

/** Uploader takes a script as JSON or Excel; what is wrong with it is shown by cell or place. */
export default function Uploader({ replace, close }: { replace?: { id: string; name: string }; close: () => void }) {
  const { t } = useTranslation()
  const go = useNavigate()
  const queries = useQueryClient()
  const { failed, send, ...way } = useUpload<ScriptDetail>('/scripts/upload', async made => {
    await queries.invalidateQueries({ queryKey: ['scripts'] })
    close()
    void go(`/scripts/${made.id}` + (made.problems?.length ? '?tab=problems' : ''))
  })

  return (
    <Modal open width={640} title={replace ? t('script.uploadNew', { name: replace.name }) : t('script.upload')} onCancel={close} footer={<Button onClick={close}>{t('platform.close')}</Button>} mask={{ closable: way.progress == null }}>
      <div className="stack">
        <Upload accept=".xlsx,.json" hint={t('script.uploadHint')} take={file => void send(file, replace && { id: replace.id })} {...way} />
        {failed != null && <Refusal error={failed} />}
      </div>
    </Modal>
  )
}

function Refusal({ error }: { error: unknown }) {
  const { t } = useTranslation()
  const problem = asProblem(error)
  if (problem.key !== 'script.has_errors') return <Summary error={error} names={[]} />
  return (
    <>
      <Alert type="error" showIcon role="alert" title={problem.message} description={t('script.fixHint')} />
      <Problems problems={fromFields(problem.fields)} />
    </>
  )
}
