import { Button, Form } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from './api'
import type { Field } from './form/field'
import { byField } from './form/field'
import { Fields } from './form/Fields'
import { Summary } from './form/Summary'
import { asProblem } from './problem'

interface Passwords { old: string; new: string; again: string }

export const shortest = 8

const fields: Field<Passwords>[] = [
  { name: 'old', label: 'platform.password.old', kind: 'password', required: true },
  { name: 'new', label: 'platform.password.new', kind: 'password', required: true, help: 'platform.password.rule', check: v => (String(v).length < shortest ? 'platform.password.short' : undefined) },
  { name: 'again', label: 'platform.password.again', kind: 'password', required: true, check: (v, all) => (v !== all.new ? 'platform.password.differ' : undefined) },
]

/** PasswordForm changes the password of the person who is logged in. */
export function PasswordForm({ verb, done }: { verb: string; done: () => unknown }) {
  const { t } = useTranslation()
  const [form] = Form.useForm<Passwords>()
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState<unknown>(null)
  async function change(v: Passwords) {
    setBusy(true)
    setFailed(null)
    try {
      await api.POST('/me/password', { body: { old: v.old, new: v.new } })
      form.resetFields()
      await done()
    } catch (e) {
      const { at } = byField(asProblem(e).fields, ['old', 'new'])
      form.setFields(Object.entries(at).map(([name, message]) => ({ name: name as keyof Passwords, errors: [message] })))
      setFailed(e)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Form form={form} layout="vertical" onFinish={change} requiredMark={label => label}>
      {failed != null && <Summary error={failed} names={['old', 'new']} />}
      <Fields fields={fields} />
      <Button type="primary" htmlType="submit" loading={busy} block size="large">{t(verb)}</Button>
    </Form>
  )
}
