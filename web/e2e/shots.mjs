// Screenshots of every screen against the mock, in both languages and all states, and an
// axe-core check of each:
//
//	node e2e/shots.mjs [--only seats,home] [--lang zh-CN] [--state full] [--theme light,dark] [--width 1280]
//
// Pictures go to shots/LANG/SCREEN-STATE[-dark].png. Exits 1 when axe finds a violation or a page throws.
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { serve } from '../mock/serve.mjs'
import { openBrowser } from './browser.mjs'
import { screens } from './screens.mjs'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const out = fileURLToPath(new URL('../shots/', import.meta.url))

function option(name, fallback) {
  const i = process.argv.indexOf('--' + name)
  return i < 0 ? fallback : process.argv[i + 1].split(',')
}
const only = option('only', null)
const languages = option('lang', ['zh-CN', 'en-US'])
const states = option('state', null)
const themes = option('theme', ['light', 'dark'])
const width = Number(option('width', ['1280'])[0])

async function violations(page) {
  await page.evaluate(axe)
  await page.waitForTimeout(50)
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] }))
  return violations.map(v => `${v.id} (${v.nodes.length}): ${v.nodes[0].target.join(' ')} ${v.nodes[0].html.slice(0, 160)} ${v.nodes[0].any?.[0]?.message ?? ''}`)
}

async function dress(context, base, { who = 'tenant', language, state, theme }) {
  await context.clearCookies()
  const cookie = (name, value) => ({ name, value, url: base })
  await context.addCookies([cookie('yd_who', who), cookie('yd_locale', language), cookie('yd_mock', state)])
  const page = await context.newPage()
  await page.setViewportSize({ width, height: width < 600 ? 844 : 800 })
  await page.addInitScript(([l, t]) => { localStorage.setItem('yd.locale', l); localStorage.setItem('yd.theme', t) }, [language, theme])
  return page
}

async function shoot(context, base, screen, language, state, theme) {
  const page = await dress(context, base, { who: screen.who, language, state, theme })
  const broken = []
  page.on('pageerror', e => broken.push('page error: ' + e.message))
  page.on('console', m => { if (m.type() === 'error' && !/status of (401|404|422|429|500)/.test(m.text())) broken.push('console: ' + m.text().slice(0, 300)) })
  await page.goto(base + screen.path, { waitUntil: 'domcontentloaded' })
  await page.waitForSelector('h1, [role=alert], [role=search]', { timeout: 8000 }).catch(() => broken.push('nothing appeared'))
  await page.evaluate(() => document.fonts.ready)
  await page.waitForTimeout(state === 'full' ? 700 : 450)
  await screen.act?.(page).catch(e => broken.push('act: ' + e.message.split('\n')[0]))
  if (screen.act) await page.waitForTimeout(400)
  mkdirSync(`${out}${language}`, { recursive: true })
  const tail = (theme === 'dark' ? '-dark' : '') + (width === 1280 ? '' : `-${width}`)
  await page.screenshot({ path: `${out}${language}/${screen.name}-${state}${tail}.png` })
  const found = [...broken, ...(await violations(page))]
  await page.close()
  for (const f of found) console.log(`${screen.name} ${language} ${state} ${theme}: ${f}`)
  return found.length
}

const server = await serve(0)
const base = `http://127.0.0.1:${server.address().port}`
const browser = await openBrowser()
let pictures = 0
let faults = 0
try {
  for (const language of languages) for (const screen of screens.filter(s => !only || only.includes(s.name))) {
    for (const state of screen.states.filter(s => !states || states.includes(s))) for (const theme of state === 'full' ? themes : themes.slice(0, 1)) {
      faults += await shoot(browser.context, base, screen, language, state, theme)
      pictures++
    }
  }
} finally {
  await browser.close()
  server.closeAllConnections()
  server.close()
}
console.log(`${pictures} pictures, ${faults} faults`)
process.exit(faults ? 1 : 0)
