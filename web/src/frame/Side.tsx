import {
  ApartmentOutlined, CalendarOutlined, CommentOutlined, DownOutlined, ExperimentOutlined, HomeOutlined, MenuFoldOutlined, MenuUnfoldOutlined,
  PhoneOutlined, RobotOutlined, SearchOutlined, SoundOutlined, StopOutlined, TeamOutlined, UserOutlined, HeartOutlined,
} from '@ant-design/icons'
import { Button, Tooltip } from 'antd'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { useCan, useMe } from '@/platform/session'
import { exists } from '@/routes'
import css from './Frame.module.css'
import { Mark } from './Mark'
import { here, offered, operatorMenu, tenantMenu, type Entry, type Group } from './menu'
import { openPalette, shortcut } from './Palette'

const icons: Record<string, ReactNode> = {
  '/': <HomeOutlined />, '/campaigns': <SoundOutlined />, '/calls': <PhoneOutlined />, '/scripts': <CommentOutlined />, '/seats': <RobotOutlined />,
  '/time-templates': <CalendarOutlined />, '/dnc': <StopOutlined />, '/customers': <TeamOutlined />, '/my-customers': <UserOutlined />,
  '/sandbox': <ExperimentOutlined />, '/system': <HeartOutlined />, '/operator/tenants': <ApartmentOutlined />, '/operator/health': <HeartOutlined />,
}

/** useMenu is the menu of the person who is logged in. */
export function useMenu(): Group[] {
  const me = useMe()
  const can = useCan()
  return offered(me.tenant ? tenantMenu : operatorMenu, can, exists)
}

/** Side is the menu: two levels, folds to icons, searchable by the palette. */
export function Side({ open, close }: { open: boolean; close: () => void }) {
  const { t } = useTranslation()
  const menu = useMenu()
  const [slim, setSlim] = useState(() => localStorage.getItem('yd.slim') === 'true')
  const fold = () => { localStorage.setItem('yd.slim', String(!slim)); setSlim(!slim) }
  const narrow = slim && !open
  return (
    <>
      <button type="button" className={css.veil} data-open={open} aria-label={t('platform.close')} onClick={close} />
      <nav className={css.side} data-slim={narrow} data-open={open} aria-label={t('frame.menu.name')}>
        <Link to="/" className={css.brand}><Mark />{!narrow && t('frame.product')}</Link>
        <button type="button" className={css.find} onClick={openPalette} aria-label={t('frame.find')}>
          <SearchOutlined />{!narrow && <><span>{t('frame.find')}</span><kbd>{shortcut}</kbd></>}
        </button>
        <div className={css.groups}>{menu.map(g => <Section key={g.name} group={g} slim={narrow} />)}</div>
        <div className={css.foot}>
          <Button type="text" block={!narrow} icon={slim ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />} aria-label={t(slim ? 'frame.unfold' : 'frame.fold')} onClick={fold}>
            {narrow ? null : t('frame.fold')}
          </Button>
        </div>
      </nav>
    </>
  )
}

function Section({ group, slim }: { group: Group; slim: boolean }) {
  const { t } = useTranslation()
  const key = `yd.menu.${group.name}`
  const [shut, setShut] = useState(() => localStorage.getItem(key) === 'shut')
  const toggle = () => { localStorage.setItem(key, shut ? 'open' : 'shut'); setShut(!shut) }
  const folded = shut && !slim && !!group.label
  return (
    <div className={css.group}>
      {group.label && !slim && <button type="button" className={css.groupName} aria-expanded={!shut} onClick={toggle}>{t(group.label)}<DownOutlined /></button>}
      {!folded && <ul>{group.entries.map(e => <li key={e.path}><Line entry={e} slim={slim} /></li>)}</ul>}
    </div>
  )
}

function Line({ entry, slim }: { entry: Entry; slim: boolean }) {
  const { t } = useTranslation()
  const at = useLocation().pathname
  const current = here(useMenu(), at)?.path === entry.path
  const label = t(entry.label)
  const line = <Link to={entry.path} className={css.entry} aria-current={current ? 'page' : undefined} aria-label={slim ? label : undefined}>{icons[entry.path]}{!slim && <span>{label}</span>}</Link>
  return slim ? <Tooltip title={label} placement="right">{line}</Tooltip> : line
}
