// Every screen of the console: its name in the screenshots and its address. states are
// the ones that can be told apart on it ('full' only: a page that loads nothing).
const all = ['full', 'empty', 'loading', 'error']

export const screens = [
  { name: 'login', path: '/login', who: '', states: ['full'] },
  { name: 'home', path: '/', states: all },
  { name: 'scripts', path: '/scripts', states: all },
  { name: 'script', path: '/scripts/501', states: ['full', 'loading', 'error'] },
  { name: 'seats', path: '/seats', states: all },
  { name: 'seat', path: '/seats?peek=600', states: ['full'] },
  { name: 'templates', path: '/time-templates', states: all },
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
