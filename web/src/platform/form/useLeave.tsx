import { App } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useBlocker } from 'react-router'

/** useLeave asks before typed work is lost, by closing, by another page, or by closing the tab. */
export function useLeave(unsaved: boolean): (go: () => void) => void {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const blocker = useBlocker(({ currentLocation: a, nextLocation: b }) => unsaved && a.pathname !== b.pathname)
  const ask = (go: () => void, stay?: () => void) => modal.confirm({
    title: t('platform.unsaved'), content: t('platform.unsavedHint'), okText: t('platform.discard'), cancelText: t('platform.keepEditing'),
    okButtonProps: { danger: true }, icon: null, centered: true, onOk: go, onCancel: stay,
  })
  useEffect(() => { if (blocker.state === 'blocked') ask(blocker.proceed, blocker.reset) }, [blocker.state])
  useEffect(() => {
    if (!unsaved) return
    const warn = (e: BeforeUnloadEvent) => e.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [unsaved])
  return go => (unsaved ? ask(go) : go())
}
