import { InboxOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import css from './Upload.module.css'

interface Props { accept: string; hint: string; take: (file: File) => void; progress?: number | null; name?: string; cancel?: () => void }

/** Upload is a place to drop one file, or to choose it; while it goes up it shows how far. */
export function Upload({ accept, hint, take, progress, name, cancel }: Props) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const busy = progress != null
  const drop = (e: React.DragEvent) => {
    e.preventDefault()
    setOver(false)
    const file = e.dataTransfer.files[0]
    if (file && !busy) take(file)
  }
  return (
    <div className={css.drop} data-over={over} onDragOver={e => { e.preventDefault(); setOver(true) }} onDragLeave={() => setOver(false)} onDrop={drop}>
      <button type="button" className={css.press} disabled={busy} onClick={() => input.current?.click()}>
        <InboxOutlined className={css.icon} />
        <b>{busy ? t('platform.upload.busy', { name }) : name ?? t('platform.upload.drop')}</b>
        <span>{hint}</span>
      </button>
      {busy && <div className={css.busy}>
        <progress max={1} value={progress} aria-label={t('platform.upload.busy', { name })} />
        {cancel && <Button size="small" onClick={cancel}>{t('platform.cancel')}</Button>}
      </div>}
      <input ref={input} type="file" accept={accept} hidden aria-label={t('platform.upload.drop')} onChange={e => { const f = e.target.files?.[0]; e.target.value = ''; if (f) take(f) }} />
    </div>
  )
}
