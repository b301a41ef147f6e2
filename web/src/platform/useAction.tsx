import { useQueryClient } from '@tanstack/react-query'
import { App, Input } from 'antd'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Action, Confirm } from './action'
import { useFail } from './Errors'

type Doable<T> = Pick<Action<T>, 'label' | 'confirm' | 'run' | 'done' | 'touches' | 'danger'>

/** useAction returns how an action is done: ask first where it must be asked, do, say so, fetch again what it touched. */
export function useAction() {
  const { modal, message } = App.useApp()
  const { t } = useTranslation()
  const queries = useQueryClient()
  const fail = useFail()

  return useCallback(async function act<T>(action: Doable<T>, row: T): Promise<boolean> {
    async function go() {
      try {
        await action.run(row)
      } catch (e) {
        fail(e)
        return false
      }
      if (action.done) message.success(t(action.done))
      await Promise.all((action.touches ?? []).map(name => queries.invalidateQueries({ queryKey: [name] })))
      return true
    }
    const question = action.confirm?.(row)
    if (!question) return go()
    return new Promise<boolean>(resolve => {
      let typed = !question.type
      const dialog = modal.confirm({
        title: t(question.title, question.args),
        content: <Question question={question} onTyped={ok => { typed = ok; dialog.update({ okButtonProps: { danger: action.danger, disabled: !ok } }) }} />,
        okText: t(action.label), cancelText: t('platform.cancel'), autoFocusButton: question.type ? null : action.danger ? 'cancel' : 'ok',
        okButtonProps: { danger: action.danger, disabled: !typed }, icon: null, centered: true,
        onOk: async () => resolve(await go()), onCancel: () => resolve(false),
      })
    })
  }, [modal, message, t, queries])
}

function Question({ question, onTyped }: { question: Confirm; onTyped: (ok: boolean) => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  return (
    <div className="stack" style={{ gap: 12 }}>
      {question.body && <p style={{ color: 'var(--text-2)' }}>{t(question.body, question.args)}</p>}
      {question.type && (
        <label className="stack" style={{ gap: 6 }}>
          <span>{t('platform.typeToConfirm', { name: question.type })}</span>
          <Input autoFocus value={text} onChange={e => { setText(e.target.value); onTyped(e.target.value.trim() === question.type) }} />
        </label>
      )}
    </div>
  )
}
