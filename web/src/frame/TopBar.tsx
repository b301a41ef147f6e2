import { BulbOutlined, ExperimentOutlined, GlobalOutlined, MenuOutlined, MoonOutlined, QuestionCircleOutlined, SunOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { Button, Dropdown, Tooltip, type MenuProps } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { api, data } from '@/platform/api'
import { setLanguage } from '@/platform/i18n'
import { useConnection } from '@/platform/live'
import { useMe, useSignOut } from '@/platform/session'
import { Tasks } from '@/platform/Tasks'
import { setTheme, useTheme } from '@/platform/theme'
import type { Locale, Theme } from '@/platform/types'
import { Tag } from '@/words/StateTag'
import { exists } from '@/routes'
import css from './Frame.module.css'
import { showHelp } from './Help'

/** TopBar is whose console this is, whether its numbers are live, and what belongs to the person. */
export function TopBar({ openMenu }: { openMenu: () => void }) {
  const { t } = useTranslation()
  const me = useMe()
  return (
    <header className={css.top}>
      <Button type="text" className={css.burger} icon={<MenuOutlined />} aria-label={t('frame.menu.name')} onClick={openMenu} />
      <span className={css.tenant} title={me.tenant?.name}>{me.tenant?.short_name || me.tenant?.name || t('frame.operator')}</span>
      {me.sandbox && <SandboxMark />}
      <span className="grow" />
      {me.tenant && <Live />}
      {me.tenant && <Tasks />}
      <Tooltip title={t('frame.help')}><Button type="text" className={css.wide} icon={<QuestionCircleOutlined />} aria-label={t('frame.help')} onClick={showHelp} /></Tooltip>
      <Language />
      <Light />
      <Person />
    </header>
  )
}

function SandboxMark() {
  const { t } = useTranslation()
  const mark = <Tag tone="amber"><ExperimentOutlined /> {t('frame.sandbox')}</Tag>
  return <span className={css.wide} style={{ marginInlineStart: 10 }}><Tooltip title={t('frame.sandboxHint')}>{exists('/sandbox') ? <Link to="/sandbox">{mark}</Link> : mark}</Tooltip></span>
}

function Live() {
  const { t } = useTranslation()
  const state = useConnection()
  return <span className={`${css.live} ${state === 'lost' ? '' : css.wide}`} data-state={state} role="status">{t(`frame.live.${state}`)}</span>
}

// What a person chose is kept by the server too, so that it follows them to the next browser.
function useKeep() {
  const queries = useQueryClient()
  return (change: { locale?: Locale; theme?: Theme }) =>
    data(api.PATCH('/me', { body: change })).then(me => queries.setQueryData(['me'], me), () => {})
}

function Choice({ icon, label, value, options, choose }: { icon: ReactNode; label: string; value: string; options: { key: string; label: string; icon?: ReactNode }[]; choose: (key: string) => void }) {
  const menu: MenuProps = { items: options, selectable: true, selectedKeys: [value], onClick: e => choose(e.key) }
  return <Dropdown menu={menu} trigger={['click']} placement="bottomRight"><Button type="text" icon={icon} aria-label={label} title={label} /></Dropdown>
}

/** chosenBefore is where a language chosen before the login waits for it. */
export const chosenBefore = 'yd.chosenLocale'

export function Language({ keep = true }: { keep?: boolean }) {
  const { t, i18n } = useTranslation()
  const save = useKeep()
  const choose = async (key: string) => {
    await setLanguage(key as Locale)
    if (keep) await save({ locale: key as Locale })
    else sessionStorage.setItem(chosenBefore, key) // before the login: it is kept once we know for whom
  }
  return <Choice icon={<GlobalOutlined />} label={t('frame.language')} value={i18n.language} choose={choose}
    options={[{ key: 'zh-CN', label: '简体中文' }, { key: 'en-US', label: 'English' }]} />
}

export function Light({ keep = true }: { keep?: boolean }) {
  const { t } = useTranslation()
  const theme = useTheme()
  const save = useKeep()
  const choose = (key: string) => {
    setTheme(key as Theme)
    if (keep) void save({ theme: key as Theme })
  }
  return <Choice icon={<BulbOutlined />} label={t('frame.theme.name')} value={theme} choose={choose} options={[
    { key: 'light', label: t('frame.theme.light'), icon: <SunOutlined /> }, { key: 'dark', label: t('frame.theme.dark'), icon: <MoonOutlined /> },
    { key: 'system', label: t('frame.theme.system'), icon: <BulbOutlined /> },
  ]} />
}

function Person() {
  const { t } = useTranslation()
  const { user } = useMe()
  const go = useNavigate()
  const signOut = useSignOut()
  const items: MenuProps['items'] = [
    { key: 'who', disabled: true, label: `${user.account} · ${t(`frame.role.${user.role}`)}` },
    { key: 'profile', label: t('frame.profile'), onClick: () => void go('/profile') },
    { type: 'divider' },
    { key: 'out', label: t('frame.signOut'), onClick: () => void signOut() },
  ]
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
      <button type="button" className={css.person} aria-label={t('frame.person', { name: user.name })}>
        <span className={css.avatar} aria-hidden="true">{user.name.slice(0, 1)}</span><span className={css.wide}>{user.name}</span>
      </button>
    </Dropdown>
  )
}
