import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '@/platform/session'
import css from './Frame.module.css'

/** Notices says what is not as it should be in this installation, until closed for this visit. */
export function Notices() {
  const { t } = useTranslation()
  const { notices } = useMe()
  const [closed, setClosed] = useState<string[]>(() => JSON.parse(sessionStorage.getItem('yd.notices') ?? '[]') as string[])
  const close = (key: string) => {
    const next = [...closed, key]
    sessionStorage.setItem('yd.notices', JSON.stringify(next))
    setClosed(next)
  }
  const open = (notices ?? []).filter(n => !closed.includes(n.key))
  if (!open.length) return null
  return (
    <div className={css.notices} role="region" aria-label={t('frame.notices')}>
      {open.map(n => (
        <div key={n.key} className={css.notice} data-level={n.level}>
          <span>{n.text}</span>
          <button type="button" aria-label={t('platform.close')} onClick={() => close(n.key)}>×</button>
        </div>
      ))}
    </div>
  )
}
