import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { speak } from './api'
import type { Locale } from './types'

type Words = Record<string, unknown>

// One chunk per language: a person downloads only the one they read.
const languages: Record<Locale, () => Promise<{ words: Words }>> = {
  'zh-CN': () => import('../locale/zh-CN'),
  'en-US': () => import('../locale/en-US'),
}

export const locales = Object.keys(languages) as Locale[]

const remembered = 'yd.locale'

/** localeOf reads a language that was kept somewhere; anything we do not speak is the first one, Chinese. */
export function localeOf(kept: string | null | undefined): Locale {
  return locales.find(l => l === kept) ?? 'zh-CN'
}

/** startLanguage loads the first language and makes t() ready. Resolves when words are there. */
export async function startLanguage(): Promise<void> {
  const locale = localeOf(localStorage.getItem(remembered))
  await i18next.use(initReactI18next).init({
    lng: locale,
    fallbackLng: false, // both languages are complete: a test compares their keys
    interpolation: { escapeValue: false }, // React escapes
    resources: {},
    returnNull: false,
  })
  await setLanguage(locale)
}

/** onLanguage registers what happens when the console's language became another one. */
export function onLanguage(then: () => void) {
  let last = i18next.language
  i18next.on('languageChanged', now => {
    if (now === last) return
    last = now
    then()
  })
}

/** setLanguage switches the whole console, the server's answers included, without a reload. */
export async function setLanguage(locale: Locale): Promise<void> {
  const { words } = await languages[locale]()
  i18next.addResourceBundle(locale, 'translation', words, true, true)
  speak(locale)
  localStorage.setItem(remembered, locale)
  document.documentElement.lang = locale
  await i18next.changeLanguage(locale)
}
