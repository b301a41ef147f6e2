// The frame against the mock: what every page stands on. Exits 1 at the first thing that is not so.
import assert from 'node:assert/strict'
import { serve } from '../mock/serve.mjs'
import { openBrowser } from './browser.mjs'

const server = await serve(0)
const base = `http://127.0.0.1:${server.address().port}`
const browser = await openBrowser()
const page = await browser.context.newPage()
const broken = []
page.on('pageerror', e => broken.push(e.message))
page.on('console', m => { if (m.type() === 'error' && !/status of 401/.test(m.text())) broken.push(m.text().slice(0, 300)) })

const steps = {
  async 'a deep link asks for the login first and is reached after it'() {
    await page.goto(base + '/seats?state=idle')
    await page.waitForSelector('#account')
    await page.fill('#tenant', 'demo')
    await page.fill('#account', 'admin')
    await page.fill('#password', 'wrong')
    await page.click('[data-action=login]')
    await page.waitForSelector('[role=alert]')
    assert.equal(await page.inputValue('#password'), '')
    await page.fill('#password', 'demo')
    await page.keyboard.press('Enter')
    await page.waitForURL(base + '/seats?state=idle')
    await page.waitForSelector('tbody tr[data-id]')
  },
  async 'the filter of the address is in force, shown and removable'() {
    const states = await page.$$eval('tbody [data-state]', all => all.map(e => e.dataset.state))
    assert.deepEqual([...new Set(states)], ['idle'])
    await page.click('button[aria-label="移除筛选：状态"]')
    await page.waitForURL(base + '/seats')
    await page.waitForSelector('tbody [data-state=in_service]')
  },
  async 'a row opens the quick look, → goes to the next row, Esc closes'() {
    await page.click('tbody tr:nth-child(1) td:nth-child(2)')
    await page.waitForSelector('.ant-drawer-title:has-text("云栖 1 号")')
    await page.keyboard.press('ArrowRight')
    await page.waitForSelector('.ant-drawer-title:has-text("云栖 2 号")')
    await page.keyboard.press('Escape')
    await page.waitForURL(base + '/seats')
  },
  async 'English and back without a reload'() {
    await page.click('button[aria-label=语言]')
    await page.click('li:has-text("English")')
    await page.waitForSelector('h1:has-text("Robot seats")')
    assert.equal(await page.getAttribute('html', 'lang'), 'en-US')
    await page.click('button[aria-label=Language]')
    await page.click('li:has-text("简体中文")')
    await page.waitForSelector('h1:has-text("机器坐席")')
  },
  async 'Ctrl K jumps to a page by its name'() {
    await page.keyboard.press('Control+k')
    await page.fill('[aria-controls=hits]', '时间')
    await page.keyboard.press('Enter')
    await page.waitForURL(base + '/time-templates')
  },
  async 'leaving a form with unsaved changes asks'() {
    await page.click('[data-action=create]')
    await page.fill('#name', '新模板')
    await page.keyboard.press('Escape')
    await page.waitForSelector('.ant-modal-confirm:has-text("未保存")')
    await page.click('.ant-modal-confirm .ant-btn:has-text("继续编辑")')
    await page.click('[data-action=submit]')
    await page.waitForSelector('.ant-message:has-text("已保存")')
  },
  async 'an address that leads nowhere says so'() {
    await page.goto(base + '/nowhere')
    await page.waitForSelector('text=没有这个页面')
  },
  async 'a session that ended elsewhere leads to the login'() {
    await page.goto(base + '/seats')
    await page.waitForSelector('tbody tr[data-id]')
    await browser.context.clearCookies({ name: 'yd_who' })
    await page.route('**/api/v1/seats*', r => r.fulfill({ status: 401, contentType: 'application/problem+json', body: '{"status":401,"key":"auth.required","detail":"请先登录"}' }))
    await page.click('button[aria-label=刷新]')
    await page.waitForSelector('#account')
    await page.unroute('**/api/v1/seats*')
  },
  async 'log in as operator, log out'() {
    await page.fill('#tenant', '')
    await page.fill('#account', 'operator')
    await page.fill('#password', 'demo')
    await page.click('[data-action=login]')
    await page.goto(base + '/')
    await page.waitForURL(base + '/operator/tenants')
    await page.click('button[aria-label="运维 的菜单"]')
    await page.click('li:has-text("退出登录")')
    await page.waitForSelector('#account')
  },
}

page.setDefaultTimeout(15_000)
let failed = 0
try {
  for (const [name, run] of Object.entries(steps)) {
    await run()
    console.log('ok  ', name)
  }
  assert.deepEqual(broken, [])
} catch (e) {
  failed = 1
  await page.screenshot({ path: new URL('../shots/failed.png', import.meta.url).pathname }).catch(() => {})
  console.log('FAIL', e.message.split('\n').slice(0, 4).join('\n     '), '\n     at', page.url(), broken.join('; '))
} finally {
  await browser.close()
  server.closeAllConnections()
  server.close()
}
console.log(failed ? '1 failed' : `${Object.keys(steps).length} passed, 0 failed`)
process.exit(failed)
