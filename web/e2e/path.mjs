// The newcomer's path through the real program: log in, look at the script, bring a list of
// leads, start a campaign, watch it live, hear an A call, see the messages it caused.
//
//	YINGDA_BIN=../bin/yingda node e2e/path.mjs
//
// It starts the program itself, on free ports and an empty data directory, and stops it again.
// YINGDA_URL takes a program that is running already. SHOTS=dir keeps a picture of every stop.
// Prints what it did; exits 1 at the first thing that is not so.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openBrowser } from './browser.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const minutes = Number(process.env.YINGDA_E2E_MINUTES ?? 8) // a busy machine calls slowly
const began = Date.now()
const say = text => console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${text}`)

const freeTCP = () => new Promise(done => { const s = createServer().listen(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => done(port)) }) })
const freeUDP = () => new Promise(done => { const s = createSocket('udp4').bind(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => done(port)) }) })

/** start runs the program in an empty directory and resolves when it answers. */
async function start() {
  if (process.env.YINGDA_URL) return { base: process.env.YINGDA_URL.replace(/\/$/, ''), stop: async () => {} }
  const bin = resolve(process.env.YINGDA_BIN ?? join(root, 'bin/yingda'))
  if (!existsSync(bin)) throw new Error(`${bin} is not there: make build, or set YINGDA_BIN`)
  const data = mkdtempSync(join(tmpdir(), 'yingda-e2e-'))
  const base = `http://127.0.0.1:${await freeTCP()}`
  const args = ['serve', '--demo', '--sandbox-sms', '--sandbox-wechat', '--data', data, '--http-listen', base.slice(7), '--http-private', '', '--sip-listen', `127.0.0.1:${await freeUDP()}`]
  const env = { ...process.env, ...(existsSync(join(root, 'models')) && !process.env.YINGDA_MODELS ? { YINGDA_MODELS: join(root, 'models') } : {}) }
  const child = spawn(bin, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const out of [child.stdout, child.stderr]) out.on('data', d => { said = (said + d).slice(-20_000) })
  const ended = new Promise(done => child.once('exit', done))
  const stop = async () => {
    child.kill('SIGTERM')
    const hard = setTimeout(() => child.kill('SIGKILL'), 20_000)
    await ended
    clearTimeout(hard)
    rmSync(data, { recursive: true, force: true })
  }
  for (let i = 0; i < 300; i++) {
    if (child.exitCode !== null) throw new Error(`the program ended: ${said}`)
    if (await fetch(base + '/api/v1/me').then(r => r.status === 401, () => false)) return { base, stop, said: () => said }
    await new Promise(r => setTimeout(r, 200))
  }
  await stop()
  throw new Error(`the program does not answer: ${said}`)
}

let page, base
let stop = 0
let total = 0
const broken = []

/** clean fails where axe-core finds something on the page as it stands. */
async function clean(name) {
  await page.waitForTimeout(350) // drawers and colours have settled
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] }))
  assert.deepEqual(violations.map(v => `${name}: ${v.id} ${v.nodes[0].target.join(' ')} ${v.nodes[0].html.slice(0, 160)}`), [])
  if (!process.env.SHOTS) return
  mkdirSync(process.env.SHOTS, { recursive: true })
  await page.screenshot({ path: join(process.env.SHOTS, `${String(++stop).padStart(2, '0')}-${name}.png`) })
}

const visit = async (path, mark) => { await page.goto(base + path, { waitUntil: 'domcontentloaded' }); await page.waitForSelector(mark) }
const text = selector => page.locator(selector).first().innerText()

async function language(button, choice, mark) {
  await page.click(`button[aria-label=${button}]`)
  await page.click(`li:has-text("${choice}")`)
  await page.waitForSelector(mark)
}

async function login() {
  await visit('/', '#account')
  await clean('login')
  await page.fill('#tenant', 'demo')
  await page.fill('#account', 'admin')
  await page.fill('#password', 'not-my-password')
  await page.click('[data-action=login]')
  await page.waitForSelector('[role=alert]')
  await clean('login-wrong')
  await page.fill('#password', 'demo-admin-2026')
  await page.click('[data-action=login]')
  await page.waitForSelector('nav a[href="/campaigns"]')
  await clean('home')
  say('logged in, after one wrong password')
}

async function speak() {
  await language('语言', 'English', 'nav a:has-text("Campaigns")')
  assert.equal(await page.getAttribute('html', 'lang'), 'en-US')
  await clean('home-en')
  await language('Language', '简体中文', 'nav a:has-text("营销任务")')
  say('switched to English and back')
}

async function script() {
  await page.click('nav a[href="/scripts"]')
  await page.waitForSelector('tbody tr[data-id]')
  await clean('scripts')
  await page.click('tbody tr[data-id] a')
  await page.waitForSelector('.react-flow__node')
  const nodes = await page.locator('.react-flow__node').count()
  assert.ok(nodes >= 5, `the flow has ${nodes} nodes`)
  await clean('script')
  say(`opened the demo script: ${nodes} nodes`)
}

async function leads() {
  await page.click('nav a[href="/campaigns"]')
  await page.waitForSelector('[data-action=create]')
  await clean('campaigns-empty')
  await page.click('[data-action=create]')
  await page.waitForSelector('#campaign-name')
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-action=sample]')])
  const sample = await download.path()
  await page.click('[data-action=next]')
  await page.waitForSelector('[role=alert]') // an empty step is not left
  await page.setInputFiles('input[type=file]', { name: '11 月新房邀约.xlsx', mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', buffer: readFileSync(sample) })
  await page.waitForSelector('th[data-use=phone]')
  assert.equal(await page.inputValue('#campaign-name'), '11 月新房邀约')
  await clean('wizard-columns')
  await page.click('[data-action=check]')
  await page.waitForSelector('[data-state=ready]')
  total = Number(/(\d+) 位客户可以拨打/.exec(await text('[data-state=ready]'))?.[1])
  if (process.env.YINGDA_URL) assert.ok(total > 0) // its customers may have asked not to be called again
  else assert.equal(total, 40)
  await clean('wizard-leads')
  await page.click('[data-action=next]')
  say(`brought the sample list: ${total} leads`)
}

async function robot() {
  await page.click('input[name=script]')
  await page.click('[data-action=all-seats]')
  await page.click('label:has-text("全天") input[name=template]')
  await clean('wizard-robot')
  await page.click('[data-action=next]')
  for (const option of ['keyword', 'screening', 'push']) await page.click(`[data-option=${option}] button[role=switch]`)
  await page.waitForSelector('[data-option=push] .ant-select-selection-item, [data-option=push] .ant-select-item-option, [data-option=push] .ant-select')
  await clean('wizard-after')
  await page.click('[data-action=next]')
  await page.waitForSelector('input[name=start][value=now]')
  await clean('wizard-start')
  await page.click('[data-action=create]')
  await page.waitForURL(/\/campaigns\/\d+$/)
  say('chose script, seats, hours and messages, and started')
}

async function watch() {
  await page.waitForSelector('li[data-state=talking]', { timeout: 60_000 })
  say('a call is being talked')
  await page.waitForFunction(() => [...document.querySelectorAll('li[data-state=talking] p[data-who]')].some(p => p.innerText.length > 1), null, { timeout: 60_000 })
  await clean('campaign-live')
  const end = Date.now() + minutes * 60_000
  const state = page.locator('h1 + [data-state]')
  for (let told = ''; (await state.getAttribute('data-state')) !== 'completed'; await page.waitForTimeout(500)) {
    assert.ok(Date.now() < end, `not completed within ${minutes} minutes`)
    const now = (await text('[data-part=figures]')).replace(/\s+/g, ' ')
    const called = /(\d+) \/ \d+/.exec(now)?.[1] ?? ''
    if (called !== told && Number(called) % 10 === 0) say(`called ${called} of ${total}`)
    told = called
  }
  const grades = await page.locator('section:has(h2:has-text("意向等级分布")) li').allInnerTexts()
  say(`completed: ${grades.map(g => g.replace(/\s+/g, ' ').trim()).join(', ')}`)
  const a = Number(/(\d+)/.exec(grades[0].replace(/^\s*A/, ''))?.[1] ?? 0)
  assert.ok(a > 0, 'nobody became an A')
  await clean('campaign-completed')
}

async function hear() {
  await page.click('[role=tab]:has-text("呼叫记录")')
  await page.waitForSelector('tbody tr[data-id]')
  await clean('campaign-calls')
  const address = new URL(page.url())
  await visit(`${address.pathname}?tab=calls&grade=A`, 'tbody tr[data-id]')
  const shown = await page.$$eval('tbody tr[data-id]', rows => rows.map(r => r.querySelector('td:nth-child(4)').innerText.trim()[0]))
  assert.deepEqual([...new Set(shown)], ['A'], 'the filter shows other grades too')
  await page.click('tbody tr[data-id] td:nth-child(5)')
  await page.waitForSelector('.ant-drawer [data-keys=player]')
  await clean('call-quick')
  await page.keyboard.press('Escape')
  await page.click('tbody tr[data-id] a[href^="/calls/"]')
  await page.waitForSelector('[data-part=path]')
  await clean('call')
  const steps = await page.locator('[data-part=path] li').count()
  const hits = await page.locator('[data-keys=player] mark').allInnerTexts()
  assert.ok(hits.length > 0, 'no keyword is marked in the talk')
  await page.waitForFunction(() => document.querySelector('audio')?.duration > 3)
  await page.click('[data-keys=player] button[aria-label=播放]')
  await page.waitForFunction(() => document.querySelector('audio').currentTime > 1, null, { timeout: 15_000 })
  await page.click('[data-keys=player] button[aria-label=暂停]')
  const heard = await page.evaluate(() => ({ duration: document.querySelector('audio').duration, at: document.querySelector('audio').currentTime }))
  say(`heard an A call: ${heard.duration.toFixed(1)} s, ${steps} steps, marked: ${hits.map(h => h.replace(/\s+/g, ' ')).join(' | ')}`)
  return page.url()
}

async function onPhone(address) {
  await page.setViewportSize({ width: 390, height: 844 })
  await visit(new URL(address).pathname.replace('/calls/', '/m/calls/'), '[data-keys=player]')
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  assert.ok(over <= 0, `the call's page is ${over} px too wide for a phone`)
  await clean('call-phone')
  await page.setViewportSize({ width: 1280, height: 800 })
  say('the same call on a phone')
}

async function messages() {
  await visit('/sandbox', 'li[data-kind=sms]')
  await page.waitForSelector('li[data-kind=wechat]')
  const sms = await page.locator('li[data-kind=sms]').allInnerTexts()
  const wechat = await page.locator('li[data-kind=wechat]').count()
  assert.ok(sms.some(s => s.includes('项目资料')), 'no keyword SMS among the messages')
  await clean('sandbox')
  say(`sandbox: ${sms.length} SMS shown (a keyword SMS among them), ${wechat} WeChat pushes`)
  await visit('/customers', 'tbody tr[data-id]')
  await clean('customers')
  await page.click('tbody tr[data-id] a')
  await page.waitForSelector('[data-action=reveal]')
  await clean('customer')
  await visit('/calls', 'tbody tr[data-id]')
  await clean('calls')
  say('customers and calls are listed')
}

const server = await start()
base = server.base
say(`the program runs on ${base}`)
const browser = await openBrowser()
let failed = false
try {
  page = await browser.context.newPage()
  page.setDefaultTimeout(20_000)
  page.on('pageerror', e => broken.push('page error: ' + e.message))
  page.on('console', m => { if (m.type() === 'error' && !/status of 401/.test(m.text())) broken.push('console: ' + m.text().slice(0, 300)) })
  await login()
  await speak()
  await script()
  await leads()
  await robot()
  await watch()
  await onPhone(await hear())
  await messages()
  assert.deepEqual(broken, [])
  say('done')
} catch (e) {
  failed = true
  console.error(e.message)
  if (broken.length) console.error(broken.join('\n'))
  const out = join(tmpdir(), `yingda-e2e-${process.pid}.png`)
  await page?.screenshot({ path: out }).then(() => console.error(`the page as it stood: ${page.url()} ${out}`), () => {})
} finally {
  await browser.close()
  await server.stop()
}
process.exit(failed ? 1 : 0)
