// Every screen of the console: its name in the screenshots and its address. states are
// the ones that can be told apart on it ('full' only: a page that loads nothing).
// act is what is done on it before the picture.
const all = ['full', 'empty', 'loading', 'error']

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
  { name: 'campaign', path: '/campaigns/801', states: ['full', 'loading', 'error'] },
  { name: 'calls', path: '/calls', states: all },
  { name: 'call', path: '/calls/9100', states: ['full', 'loading', 'error'] },
  { name: 'customers', path: '/customers', states: all },
  { name: 'customer', path: '/customers/20000', states: ['full', 'loading', 'error'] },
  { name: 'sandbox', path: '/sandbox', states: all },
  { name: 'system', path: '/system', states: ['full', 'loading', 'error'] },
  { name: 'tenants', path: '/operator/tenants', who: 'operator', states: all },
  { name: 'health', path: '/operator/health', who: 'operator', states: ['full', 'loading', 'error'] },
]
