import { App, ConfigProvider, theme as antd, type ThemeConfig } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import { createContext, useContext, useEffect, useMemo, useSyncExternalStore, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { dark, light, type Tokens } from './tokens'
import type { Theme } from './types'

const remembered = 'yd.theme'
const system = matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

function saved(): Theme {
  const t = localStorage.getItem(remembered)
  return t === 'light' || t === 'dark' ? t : 'system'
}

/** setTheme changes the look now and for the next visit. */
export function setTheme(t: Theme) {
  localStorage.setItem(remembered, t)
  listeners.forEach(tell => tell())
}

/**
 * adoptTheme takes what the person chose in another browser, unless they chose something in this one.
 * Light is also what the server says of someone who never chose: it leaves the system's look.
 */
export function adoptTheme(t: Theme) {
  if (localStorage.getItem(remembered) === null && t === 'dark') setTheme(t)
}

function subscribe(tell: () => void) {
  listeners.add(tell)
  system.addEventListener('change', tell)
  return () => { listeners.delete(tell); system.removeEventListener('change', tell) }
}

/** useTheme is what the person chose; useTokens the colours that follow from it. */
export function useTheme(): Theme { return useSyncExternalStore(subscribe, saved) }

function useDark(): boolean {
  return useSyncExternalStore(subscribe, () => saved() === 'dark' || (saved() === 'system' && system.matches))
}

const Colours = createContext<Tokens>(light)
export function useTokens(): Tokens { return useContext(Colours) }

const font = `Inter, -apple-system, BlinkMacSystemFont, "Segoe UI", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif`

function config(t: Tokens, isDark: boolean): ThemeConfig {
  return {
    algorithm: isDark ? antd.darkAlgorithm : antd.defaultAlgorithm,
    token: {
      colorPrimary: t.primary, colorLink: t.accent, colorLinkHover: t.accent, colorInfo: t.accent, colorError: t.danger,
      colorSuccess: t.green, colorWarning: t.amber,
      colorBgLayout: t.bg, colorBgContainer: t.panel, colorBgElevated: t.raised,
      colorBorder: t.lineStrong, colorBorderSecondary: t.line, colorSplit: t.line,
      colorText: t.text, colorTextSecondary: t.text2, colorTextTertiary: t.text3, colorTextDescription: t.text3,
      colorTextPlaceholder: t.text3, colorTextHeading: t.text, colorErrorText: t.red,
      fontFamily: font, fontSize: 14, borderRadius: 6, borderRadiusLG: 10, controlHeight: 34, wireframe: false,
      controlOutlineWidth: 3, boxShadowTertiary: 'none', motionDurationMid: '0.14s', motionDurationSlow: '0.2s',
    },
    components: {
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', fontWeight: 500, colorPrimaryHover: t.primaryHover },
      Tabs: { itemSelectedColor: t.text, itemHoverColor: t.text, itemColor: t.text2, inkBarColor: t.accent, horizontalItemPadding: '10px 0', horizontalMargin: '0' },
      Segmented: { itemSelectedBg: isDark ? t.lineStrong : t.raised, trackBg: t.greySoft, itemColor: t.text2 },
      Select: { optionSelectedBg: t.accentSoft, optionSelectedColor: t.text },
      Tooltip: { colorBgSpotlight: isDark ? '#323844' : '#222833' },
    },
  }
}

/** Look dresses everything below it: theme, antd's own words, dates. */
export function Look({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation()
  const isDark = useDark()
  const tokens = isDark ? dark : light
  const zh = i18n.language !== 'en-US'
  dayjs.locale(zh ? 'zh-cn' : 'en')
  useEffect(() => paint(tokens, isDark), [tokens, isDark])
  const look = useMemo(() => config(tokens, isDark), [tokens, isDark])
  return (
    <Colours.Provider value={tokens}>
      <ConfigProvider theme={look} locale={zh ? zhCN : enUS} button={{ autoInsertSpace: false }}>
        <App message={{ maxCount: 3, top: 64 }}>{children}</App>
      </ConfigProvider>
    </Colours.Provider>
  )
}

/** paint hands the tokens to our own style sheets as --yd-… variables. */
function paint(t: Tokens, isDark: boolean) {
  const root = document.documentElement
  root.dataset.theme = isDark ? 'dark' : 'light'
  for (const [name, value] of Object.entries(t)) root.style.setProperty(`--${name.replace(/[A-Z0-9]/g, c => '-' + c.toLowerCase())}`, value)
}
