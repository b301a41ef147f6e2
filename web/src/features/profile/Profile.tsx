import { useQueryClient } from '@tanstack/react-query'
import { App, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { api, data } from '@/platform/api'
import { useFail } from '@/platform/Errors'
import { setLanguage } from '@/platform/i18n'
import { Facts, Page, Panel } from '@/platform/Page'
import { PasswordForm } from '@/platform/PasswordForm'
import { useMe } from '@/platform/session'
import { setTheme, useTheme } from '@/platform/theme'
import type { Locale, Theme } from '@/platform/types'
import css from './Profile.module.css'

/** 个人设置: who I am here, language and look, password. */
export default function Profile() {
  const { t } = useTranslation()
  const { user, tenant } = useMe()
  const { message } = App.useApp()
  return (
    <Page narrow title={t('profile.title')}>
      <Facts items={[
        { label: t('profile.name'), value: user.name }, { label: t('profile.account'), value: user.account }, { label: t('profile.role'), value: t(`frame.role.${user.role}`) },
        { label: t('profile.company'), value: tenant?.name ?? t('frame.operator') }, { label: t('profile.zone'), value: tenant?.zone ?? '–' },
      ]} />
      <Panel title={t('profile.look')}><Look /></Panel>
      <Panel title={t('profile.password')}>
        <div className={css.password}><PasswordForm verb="profile.change" done={() => message.success(t('profile.changed'))} /></div>
      </Panel>
    </Page>
  )
}

function Look() {
  const { t, i18n } = useTranslation()
  const queries = useQueryClient()
  const fail = useFail()
  const theme = useTheme()
  const keep = (change: { locale?: Locale; theme?: Theme }) => data(api.PATCH('/me', { body: change })).then(me => { queries.setQueryData(['me'], me) }, fail)
  return (
    <div className={css.look}>
      <span id="language">{t('frame.language')}</span>
      <Segmented aria-labelledby="language" value={i18n.language} options={[{ value: 'zh-CN', label: '简体中文' }, { value: 'en-US', label: 'English' }]}
        onChange={v => void setLanguage(v as Locale).then(() => keep({ locale: v as Locale }))} />
      <span id="theme">{t('frame.theme.name')}</span>
      <Segmented aria-labelledby="theme" value={theme} options={(['light', 'dark', 'system'] as const).map(v => ({ value: v, label: t(`frame.theme.${v}`) }))}
        onChange={v => { setTheme(v as Theme); void keep({ theme: v as Theme }) }} />
    </div>
  )
}
