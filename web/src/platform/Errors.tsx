import { CopyOutlined } from '@ant-design/icons'
import { App, Button } from 'antd'
import { Component, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import css from './Errors.module.css'
import { asProblem, type Problem } from './problem'
import { Scene } from './Empty'

/** Reference is the part of an error that a person can hand to support. */
export function Reference({ value }: { value: string }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  if (!value) return null
  const text = useRef<HTMLElement>(null)
  // Plain HTTP has no clipboard: the reference is selected, for the person to copy.
  const mark = () => { if (text.current) getSelection()?.selectAllChildren(text.current) }
  const copy = () => (navigator.clipboard ? navigator.clipboard.writeText(value).then(() => { message.success(t('platform.copied')) }, mark) : mark())
  return (
    <span className={css.ref}>
      {t('platform.reference')} <code ref={text}>{value}</code>
      <Button type="text" size="small" icon={<CopyOutlined />} aria-label={t('platform.copy')} onClick={() => void copy()} />
    </span>
  )
}

/** useWords says what happened and what to do about it, in the person's language. */
export function useProblemWords() {
  const { t } = useTranslation()
  return (problem: Problem): { title: string; hint: string } => {
    if (problem.unsure) return { title: t('platform.unsure'), hint: t('platform.unsureHint') }
    if (problem.offline) return { title: t('platform.offline'), hint: t('platform.offlineHint') }
    if (problem.status === 404) return { title: problem.message, hint: t('platform.notFoundHint') }
    if (problem.status === 403) return { title: problem.message, hint: t('platform.forbiddenHint') }
    if (problem.status >= 500 || problem.status < 0) return { title: t('platform.broken'), hint: t('platform.brokenHint') }
    return { title: problem.message, hint: '' }
  }
}

/** Failure stands where something could not be loaded: what happened, what is safe, what to do. */
export function Failure({ error, retry, compact }: { error: unknown; retry?: () => void; compact?: boolean }) {
  const { t } = useTranslation()
  const problem = asProblem(error)
  const { title, hint } = useProblemWords()(problem)
  return (
    <Scene mood="error" title={title} text={hint} compact={compact}
      action={retry && <Button onClick={retry}>{t('platform.retry')}</Button>} foot={<Reference value={problem.ref} />} />
  )
}

/** useFail shows a failure that belongs to no place on the page. */
export function useFail() {
  const { notification } = App.useApp()
  const words = useProblemWords()
  return (e: unknown) => {
    const problem = asProblem(e)
    const { title, hint } = words(problem)
    notification.error({ title, description: <>{hint}{problem.ref && <div><Reference value={problem.ref} /></div>}</>, placement: 'topRight', duration: 8 })
  }
}

/** Boundary keeps a screen that broke from taking the frame with it. Give it a key to start afresh. */
export class Boundary extends Component<{ children: ReactNode }, { error: unknown }> {
  state = { error: null as unknown }
  static getDerivedStateFromError(error: unknown) { return { error } }
  render() {
    if (this.state.error === null) return this.props.children
    return <Failure error={this.state.error} retry={() => location.reload()} />
  }
}
