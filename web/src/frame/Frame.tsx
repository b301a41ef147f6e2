import { useQueryClient } from '@tanstack/react-query'
import { Spin } from 'antd'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, Outlet, useLocation, useMatches, useNavigation } from 'react-router'
import { Boundary, Failure } from '@/platform/Errors'
import { localeOf, setLanguage } from '@/platform/i18n'
import { onGap, onRefused, startLive, stopLive } from '@/platform/live'
import { Scene } from '@/platform/Empty'
import { Signed, useCan, useMe, useSession } from '@/platform/session'
import { adoptTheme } from '@/platform/theme'
import type { Me, Theme } from '@/platform/types'
import css from './Frame.module.css'
import { Notices } from './Notices'
import { Palette } from './Palette'
import { Side } from './Side'
import { TopBar } from './TopBar'

const NewPassword = lazy(() => import('./NewPassword'))

/** Frame stands around every page: it knows who is logged in, and sends everyone else to the login. */
export function Frame() {
  const { t } = useTranslation()
  const session = useSession()
  const at = useLocation()
  if (session.isPending) return <div className={css.wait}><Spin size="large" aria-label={t('platform.loading')} /></div>
  if (session.isError && !session.data) return <div className={css.wait}><Failure error={session.error} retry={() => session.refetch()} /></div>
  if (!session.data) return <Navigate to={'/login' + (at.pathname === '/' ? '' : '?to=' + encodeURIComponent(at.pathname + at.search))} replace />
  return <Signed me={session.data}>{session.data.user.must_change_password ? <Suspense><NewPassword /></Suspense> : <House me={session.data} />}</Signed>
}

function House({ me }: { me: Me }) {
  const { t } = useTranslation()
  const at = useLocation()
  const moving = useNavigation().state !== 'idle'
  const [menu, setMenu] = useState(false)
  useEffect(() => { startLive(); return stopLive }, [me.user.id])
  useCatchUp()
  useEffect(() => adoptTheme(me.user.theme as Theme), [me.user.theme])
  useEffect(() => { if (me.user.locale) void setLanguage(localeOf(me.user.locale)) }, [me.user.locale])
  useEffect(() => { setMenu(false); document.getElementById('main')?.scrollTo(0, 0) }, [at.pathname]) // a page is read from its top
  return (
    <div className={css.frame}>
      <a href="#main" className={css.skip}>{t('frame.skip')}</a>
      <Side open={menu} close={() => setMenu(false)} />
      <div className={css.body}>
        <TopBar openMenu={() => setMenu(true)} />
        {moving && <div className={css.moving} role="progressbar" aria-label={t('platform.loading')} />}
        <Notices />
        <main id="main" tabIndex={-1} className={css.main}>
          <Boundary key={at.pathname}><Door><Outlet /></Door></Boundary>
        </main>
      </div>
      <Palette />
    </div>
  )
}

// Events that were missed are lost: everything shown is asked for again. A stream that is refused may mean that the session ended.
function useCatchUp() {
  const queries = useQueryClient()
  useEffect(() => onGap(() => void queries.invalidateQueries()), [queries])
  useEffect(() => onRefused(() => void queries.invalidateQueries({ queryKey: ['me'] })), [queries])
}

// Door lets in who holds the page's right. The server checks again: this is only for a kind word.
function Door({ children }: { children: React.ReactNode }) {
  const { t } = useTranslation()
  const can = useCan()
  const me = useMe()
  const at = useLocation()
  const right = (useMatches().at(-1)?.handle as { right?: string } | undefined)?.right
  if (at.pathname === '/' && !me.tenant) return <Navigate to="/operator/tenants" replace />
  if (at.pathname === '/' && !can('home:read')) return <Navigate to="/my-customers" replace />
  return can(right) ? children : <Scene mood="error" title={t('frame.forbidden')} text={t('platform.forbiddenHint')} />
}
