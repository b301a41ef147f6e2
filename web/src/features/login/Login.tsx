import { useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Form, Input } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, useSearchParams } from 'react-router'
import { Gate } from '@/frame/Gate'
import { chosenBefore } from '@/frame/TopBar'
import { api, data } from '@/platform/api'
import { useProblemWords } from '@/platform/Errors'
import { duration } from '@/platform/format'
import { asProblem, type Problem } from '@/platform/problem'
import { become, useSession } from '@/platform/session'
import type { Locale, Me } from '@/platform/types'
import { safeTarget } from './target'

interface Credentials { tenant: string; account: string; password: string }

const remembered = 'yd.tenant'

/** Login: tenant code, account, password. Operators leave the tenant empty. */
export default function Login() {
  const { t } = useTranslation()
  const [search] = useSearchParams()
  const session = useSession()
  useEffect(() => { document.title = `${t('login.title')} · ${t('frame.product')}` }, [t])
  if (session.data) return <Navigate to={safeTarget(search.get('to'))} replace />
  return <Gate title={t('login.title')} text={t('login.text')}><LoginForm /></Gate>
}

function LoginForm() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [form] = Form.useForm<Credentials>()
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState<Problem | null>(null)

  async function enter(c: Credentials) {
    setBusy(true)
    setFailed(null)
    try {
      const me = await data(api.POST('/auth/login', { body: { tenant: c.tenant?.trim() ?? '', account: c.account.trim(), password: c.password } }))
      localStorage.setItem(remembered, c.tenant?.trim() ?? '')
      become(queries, await withChosenLanguage(me))
    } catch (e) {
      setFailed(asProblem(e))
      form.setFieldValue('password', '')
      form.focusField('password')
    } finally {
      setBusy(false)
    }
  }

  return (
    <Form form={form} layout="vertical" requiredMark={false} size="large" onFinish={enter} initialValues={{ tenant: localStorage.getItem(remembered) ?? '' }}>
      {failed && <Refusal problem={failed} />}
      <Form.Item name="tenant" label={t('login.tenant')} extra={t('login.tenantHelp')}><Input autoComplete="organization" autoFocus /></Form.Item>
      <Form.Item name="account" label={t('login.account')} rules={[{ required: true, whitespace: true, message: t('platform.required', { field: t('login.account') }) }]}><Input autoComplete="username" /></Form.Item>
      <Form.Item name="password" label={t('login.password')} rules={[{ required: true, message: t('platform.required', { field: t('login.password') }) }]}><Input.Password autoComplete="current-password" /></Form.Item>
      <Button type="primary" htmlType="submit" block loading={busy} data-action="login">{t('login.enter')}</Button>
    </Form>
  )
}

// A language chosen on this page is meant: it replaces the one the server remembers.
async function withChosenLanguage(me: Me): Promise<Me> {
  const locale = sessionStorage.getItem(chosenBefore) as Locale | null
  sessionStorage.removeItem(chosenBefore)
  if (!locale || locale === me.user.locale) return me
  return data(api.PATCH('/me', { body: { locale } })).catch(() => ({ ...me, user: { ...me.user, locale } }))
}

function Refusal({ problem }: { problem: Problem }) {
  const { t } = useTranslation()
  const words = useProblemWords()(problem)
  const locked = problem.key === 'auth.locked'
  const wait = Number(problem.args.retry_s ?? 0)
  const title = locked ? t('login.locked') : problem.key === 'auth.wrong' ? t('login.wrong') : words.title
  const hint = locked ? (wait ? t('login.lockedHint', { wait: duration(wait * 1000) }) : '') : problem.key === 'auth.wrong' ? t('login.wrongHint') : words.hint
  return <Alert type={locked ? 'warning' : 'error'} showIcon role="alert" title={title} description={hint || undefined} style={{ marginBottom: 20 }} />
}
