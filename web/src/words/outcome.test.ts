import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import en from './en-US.json'
import zh from './zh-CN.json'

// The Excel of the call records is written by the server, with words of its own.
it.each([['zh-CN', zh.outcome], ['en-US', en.outcome]])('%s: an outcome is called the same on the screen and in the Excel', (locale, shown) => {
  const server = JSON.parse(readFileSync(new URL(`../../../call/locale/${locale}.json`, import.meta.url), 'utf8')) as Record<string, string>
  const told = Object.entries(server).filter(([k]) => k.startsWith('call.outcome.')).map(([k, v]) => [k.replace('call.outcome.', ''), v])
  expect(told.length).toBeGreaterThan(5)
  for (const [outcome, word] of told) expect(shown[outcome as keyof typeof shown], outcome).toBe(word)
})
