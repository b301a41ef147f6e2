// Every screen of the console: its name in the screenshots and its address. states are
// the ones that can be told apart on it ('full' only: a page that loads nothing).
// act is what is done on it before the picture.
const all = ['full', 'empty', 'loading', 'error']

// The steps of the campaign wizard, each on top of the one before.
async function bring(page) {
  await page.setInputFiles('input[type=file]', { name: '11 月客户.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.from('x') })
  await page.waitForSelector('th[data-use=phone]')
}
async function check(page) {
  await bring(page)
  await page.click('[data-action=check]')
  await page.waitForSelector('[data-state=ready]')
}
async function chooseRobot(page) {
  await check(page)
  await page.click('[data-action=next]')
  await page.click('input[name=script]')
  await page.click('[data-action=all-seats]')
  await page.click('input[name=template]')
}
async function chooseAfter(page) {
  await chooseRobot(page)
  await page.click('[data-action=next]')
  for (const option of ['keyword', 'screening', 'push', 'gate']) await page.click(`[data-option=${option}] button[role=switch]`)
}

export const screens = [
  { name: 'login', path: '/login', who: '', states: ['full'] },
  { name: 'login-wrong', path: '/login', who: '', states: ['full'], act: async page => {
    await page.fill('#tenant', 'demo')
    await page.fill('#account', 'admin')
    await page.fill('#password', 'nope')
    await page.click('[data-action=login]')
    await page.waitForSelector('[role=alert]')
  } },
  { name: 'home', path: '/', states: all },
  { name: 'scripts', path: '/scripts', states: all },
  { name: 'script', path: '/scripts/501', states: ['full', 'loading', 'error'] },
  { name: 'script-node', path: '/scripts/501', states: ['full'], act: async page => { await page.click('.react-flow__node[data-id=purpose]') } },
  { name: 'script-list', path: '/scripts/501?tab=classes', states: ['full'] },
  { name: 'script-problems', path: '/scripts', states: ['full'], act: async page => {
    await page.click('[data-action=upload]')
    await page.setInputFiles('input[type=file]', { name: '商铺招商.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.from('x') })
    await page.waitForSelector('[role=alert]')
  } },
  { name: 'seats', path: '/seats', states: all },
  { name: 'seat', path: '/seats?peek=600', states: ['full'] },
  { name: 'templates', path: '/time-templates', states: all },
  { name: 'template-form', path: '/time-templates', states: ['full'], act: async page => {
    await page.click('[data-action=create]')
    await page.waitForSelector('[data-action=submit]')
    await page.click('[data-action=submit]')
    await page.waitForSelector('.ant-form-item-explain-error')
  } },
  { name: 'palette', path: '/seats', states: ['full'], act: async page => {
    await page.keyboard.press('Control+k')
    await page.fill('[aria-controls=hits]', '云栖')
    await page.waitForTimeout(500)
  } },
  { name: 'confirm', path: '/seats', states: ['full'], act: async page => {
    await page.click('tbody tr:first-child td:last-child button')
    await page.click('.ant-dropdown-menu-item-danger')
    await page.waitForSelector('.ant-modal-confirm')
  } },
  { name: 'dnc', path: '/dnc', states: all },
  { name: 'profile', path: '/profile', states: ['full'] },
  { name: 'campaigns', path: '/campaigns', states: all },
  { name: 'campaign-new', path: '/campaigns/new', states: ['full'] },
  { name: 'campaign-new-wrong', path: '/campaigns/new', states: ['full'], act: page => page.click('[data-action=next]') },
  { name: 'campaign-new-columns', path: '/campaigns/new', states: ['full'], act: bring },
  { name: 'campaign-new-list', path: '/campaigns/new', states: ['full'], act: check },
  { name: 'campaign-new-robot', path: '/campaigns/new', states: ['full'], act: chooseRobot },
  { name: 'campaign-new-after', path: '/campaigns/new', states: ['full'], act: chooseAfter },
  { name: 'campaign-new-start', path: '/campaigns/new', states: ['full'], act: async page => { await chooseAfter(page); await page.click('[data-action=next]'); await page.click('input[value=later]') } },
  { name: 'campaign', path: '/campaigns/801', states: ['full', 'loading', 'error'] },
  { name: 'campaign-waiting', path: '/campaigns/802', states: ['full'] },
  { name: 'campaign-completed', path: '/campaigns/805', states: ['full'] },
  { name: 'campaign-calls', path: '/campaigns/801?tab=calls', states: ['full'] },
  { name: 'campaign-leads', path: '/campaigns/801?tab=leads', states: ['full'] },
  { name: 'campaign-rules', path: '/campaigns/801?tab=rules', states: ['full'] },
  { name: 'campaign-log', path: '/campaigns/801?tab=log', states: ['full'] },
  { name: 'campaign-delete', path: '/campaigns/804', states: ['full'], act: async page => {
    await page.click('h1 >> xpath=ancestor::div[3] >> button[aria-label*="周末看房"]')
    await page.click('.ant-dropdown-menu-item-danger >> nth=-1')
    await page.waitForSelector('.ant-modal-confirm')
  } },
  { name: 'calls', path: '/calls', states: all },
  { name: 'calls-filtered', path: '/calls?grade=A,B&min_ms=30000&assigned=no', states: ['full'] },
  { name: 'calls-quick', path: '/calls?peek=9100', states: ['full'] },
  { name: 'calls-assign', path: '/calls', states: ['full'], act: async page => {
    await page.click('tbody tr:nth-child(2) input[type=checkbox]')
    await page.click('[role=toolbar] button')
    await page.waitForSelector('[data-action=submit]')
  } },
  { name: 'call', path: '/calls/9100', states: ['full', 'loading', 'error'] },
  { name: 'call-more', path: '/calls/9100', states: ['full'], act: page => page.click('[data-part=more]') },
  { name: 'call-unanswered', path: '/calls/9101', states: ['full'] },
  { name: 'customers', path: '/customers', states: all },
  { name: 'customers-mine', path: '/my-customers', states: ['full', 'empty'] },
  { name: 'customer-edit', path: '/customers/20000', states: ['full'], act: async page => { await page.click('[data-action=edit]'); await page.waitForSelector('[data-action=submit]') } },
  { name: 'customer', path: '/customers/20000', states: ['full', 'loading', 'error'] },
  { name: 'sandbox', path: '/sandbox', states: all },
  { name: 'system', path: '/system', states: ['full', 'loading', 'error'] },
  { name: 'tenants', path: '/operator/tenants', who: 'operator', states: all },
  { name: 'health', path: '/operator/health', who: 'operator', states: ['full', 'loading', 'error'] },
]
