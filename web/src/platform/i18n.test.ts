import i18next from 'i18next'
import { expect, it } from 'vitest'
import { localeOf, onLanguage } from './i18n'

it('tells of another language, not of the same one again', async () => {
  await i18next.init({ lng: 'zh-CN', resources: {}, fallbackLng: false })
  let told = 0
  onLanguage(() => told++)
  await i18next.changeLanguage('zh-CN')
  expect(told).toBe(0)
  await i18next.changeLanguage('en-US')
  await i18next.changeLanguage('en-US')
  expect(told).toBe(1)
})

it.each([['en-US', 'en-US'], ['fr', 'zh-CN'], [null, 'zh-CN']])('%s is read as %s', (kept, want) => expect(localeOf(kept)).toBe(want))
