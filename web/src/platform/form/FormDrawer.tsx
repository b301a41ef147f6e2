import { Button, Drawer, Form } from 'antd'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '../problem'
import { byField, type Field } from './field'
import { Fields } from './Fields'
import { Summary } from './Summary'
import { useLeave } from './useLeave'

interface Props<V extends object> {
  open: boolean
  title: string
  verb: string                          // key: what the primary button does (保存, 启动, 导入)
  fields: readonly Field<V>[]
  first: Partial<V>                     // what the fields hold at the beginning
  save: (v: V) => Promise<unknown>      // rejected with a Problem: its fields are marked, the rest is said on top
  close: () => void
  size?: number
  before?: ReactNode
}

/** FormDrawer is a form of up to a dozen fields: errors under the fields and in a summary, leaving with unsaved changes asks. */
export function FormDrawer<V extends object>({ open, title, verb, fields, first, save, close, size = 520, before }: Props<V>) {
  const { t } = useTranslation()
  const [form] = Form.useForm<V>()
  const [touched, setTouched] = useState(false)
  const [busy, setBusy] = useState(false)
  const running = useRef(false) // two quick presses of Enter come before the button is drawn busy
  const [failed, setFailed] = useState<unknown>(null)
  const leave = useLeave(open && touched && !busy)

  useEffect(() => {
    if (!open) return
    form.resetFields()
    form.setFieldsValue(first as never)
    setTouched(false)
    setFailed(null)
  }, [open]) // what comes later from the server must not overwrite what is being typed

  async function submit(values: V) {
    if (running.current) return
    running.current = true
    setBusy(true)
    setFailed(null)
    try {
      await save(values)
      setTouched(false)
      close()
    } catch (e) {
      const { at } = byField(asProblem(e).fields, fields.map(f => f.name))
      form.setFields(Object.entries(at).map(([name, message]) => ({ name: name as never, errors: [message] })))
      setFailed(e)
    } finally {
      running.current = false
      setBusy(false)
    }
  }

  return (
    <Drawer open={open} title={title} size={size} onClose={() => { if (!busy) leave(close) }} forceRender maskClosable={!touched && !busy} footer={
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button disabled={busy} onClick={() => leave(close)}>{t('platform.cancel')}</Button>
        <Button type="primary" loading={busy} onClick={() => form.submit()} data-action="submit">{t(verb)}</Button>
      </div>
    }>
      {failed != null && <Summary error={failed} names={fields.map(f => f.name)} />}
      {before}
      <Form form={form} layout="vertical" requiredMark={label => label} onFinish={submit} onValuesChange={() => setTouched(true)} scrollToFirstError={{ focus: true }} preserve>
        <Fields fields={fields} />
        <button type="submit" hidden />
      </Form>
    </Drawer>
  )
}
