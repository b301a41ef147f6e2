import * as d from './data.mjs'

const problem = (status, key, detail, more = {}) => ({ status, type: 'application/problem+json', body: { status, key, detail, title: detail, fields: [], ref: 'req_7f3a91c2', ...more } })
const ok = body => ({ status: 200, body })
const none = { status: 204 }

function page(items, q, keep = () => true) {
  const found = items.filter(keep)
  const from = Number(q.get('cursor') ?? 0)
  const limit = Number(q.get('limit') ?? 50)
  return ok({ items: found.slice(from, from + limit), next: from + limit < found.length ? String(from + limit) : '', total: found.length, total_capped: false })
}
const named = q => x => !q.get('q') || JSON.stringify(x).includes(q.get('q'))
const inState = q => x => !q.get('state') || q.get('state').split(',').includes(x.state)
const graded = q => x => !q.get('grade') || q.get('grade').split(',').includes(x.grade)
const both = (...tests) => x => tests.every(t => t(x))
const find = (list, id) => list.find(x => x.id === id)

// Method and path, with :id for one segment; the first that fits answers.
const routes = [
  ['POST /auth/login', ({ body, session }) => {
    if (body.password === 'locked') return problem(429, 'auth.locked', '尝试次数过多', { args: { retry_s: 272 } })
    if (body.password !== 'demo') return problem(401, 'auth.wrong', '企业代码、账号或密码不对')
    session.me = body.tenant ? d.me : d.operator
    return ok(session.me)
  }],
  ['POST /auth/logout', ({ session }) => { session.me = null; return none }],
  ['GET /me', ({ session }) => (session.me ? ok(session.me) : problem(401, 'auth.required', '请先登录'))],
  ['PATCH /me', ({ session, body }) => { session.me = { ...session.me, user: { ...session.me.user, ...body } }; return ok(session.me) }],
  ['POST /me/password', ({ body }) => (body.old === 'demo' ? none : problem(422, 'auth.wrong_password', '当前密码不对', { fields: [{ path: 'old', key: 'auth.wrong_password', message: '当前密码不对' }] }))],
  ['GET /system', () => ok(d.system)],
  ['GET /operator/health', () => ok(d.system)],
  ['GET /operator/tenants', ({ q }) => page(d.tenants, q)],
  ['GET /home/checklist', ({ mode }) => ok(d.checklist(mode !== 'empty'))],
  ['GET /home/summary', ({ mode }) => ok(mode === 'empty' ? d.nothingYet : d.summary())],
  ['GET /scripts', ({ q }) => page(d.scripts, q, both(named(q), inState(q)))],
  ['POST /scripts/upload', () => problem(422, 'script.has_errors', '话术里有 3 处需要修改，已标出位置', {
    fields: [{ path: '流程!C12', key: 'x', message: '指向的节点“面积介绍”不存在' }, { path: '流程!B15', key: 'x', message: '节点没有话术内容' }, { path: '关键词!A3', key: 'x', message: '关键词“不用”重复出现' }],
  })],
  ['GET /scripts/:id', ({ id }) => ok(d.scriptDetail(id))],
  ['POST /scripts/:id/publish', () => ok({ task_id: '1' })],
  ['DELETE /scripts/:id', ({ id }) => (id === '501' ? problem(409, 'script.in_use', '4 个任务正在使用这个话术，不能删除') : none)],
  ['GET /seats', ({ q }) => page(d.seats, q, both(named(q), inState(q)))],
  ['GET /seats/:id', ({ id }) => ok(d.seatDetail(id))],
  ['PATCH /seats/:id', ({ id, body }) => ok({ ...find(d.seats, id), ...body })],
  ['GET /time-templates', ({ q }) => page(d.templates, q)],
  ['POST /time-templates', ({ body }) => ok({ ...body, id: '399', used_by: 0, created_at: new Date().toISOString() })],
  ['PUT /time-templates/:id', ({ body, id }) => ok({ ...find(d.templates, id), ...body })],
  ['DELETE /time-templates/:id', ({ id }) => (find(d.templates, id)?.used_by ? problem(409, 'template.in_use', '有任务正在使用这个时间模板，不能删除') : none)],
  ['GET /campaigns', ({ q }) => page(d.campaigns, q, both(named(q), inState(q)))],
  ['POST /campaigns', ({ body }) => ok({ ...d.campaigns[3], name: body.name })],
  ['GET /campaigns/:id', ({ id }) => ok(d.campaignDetail(id))],
  ['GET /campaigns/:id/leads', ({ q }) => page(d.leads, q, both(named(q), inState(q), graded(q)))],
  ['GET /campaigns/:id/log', () => ok(d.campaignLog)],
  ['POST /campaigns/:id/:verb', ({ id }) => ok(find(d.campaigns, id))],
  ['PATCH /campaigns/:id', ({ id, body }) => ok({ ...find(d.campaigns, id), ...body })],
  ['DELETE /campaigns/:id', () => none],
  ['POST /imports', () => ({ status: 201, body: d.importOf('uploaded') })],
  ['POST /imports/:id/mapping', () => ok(d.importOf('checking'))],
  ['GET /imports/:id', () => ok(d.importOf('ready'))],
  ['DELETE /imports/:id', () => none],
  ['GET /calls', ({ q }) => page(d.calls, q, both(named(q), graded(q)))],
  ['POST /calls/assign', ({ body }) => ok({ assigned: body.call_ids.length, refused: [] })],
  ['GET /calls/:id', ({ id }) => ok(d.callDetail(id))],
  ['GET /calls/:id/peaks', () => ok(d.peaks())],
  ['GET /customers', ({ q }) => page(d.customers, q, both(named(q), graded(q)))],
  ['POST /customers/assign', ({ body }) => ok({ assigned: body.ids.length, refused: [] })],
  ['GET /customers/:id', ({ id }) => ok(d.customerDetail(id))],
  ['PATCH /customers/:id', ({ id, body }) => ok({ ...find(d.customers, id), ...body })],
  ['POST /customers/:id/reveal', () => ok({ number: '13800001234' })],
  ['GET /users', ({ q }) => page(d.users, q)],
  ['GET /dnc', ({ q }) => page(d.dnc, q, named(q))],
  ['POST /dnc', ({ body }) => (/^1\d{10}$/.test(body.number) ? ok({ ...d.dnc[0], id: '499', note: body.note }) : problem(422, 'invalid', '请检查填写的内容', { fields: [{ path: 'number', key: 'phone.invalid', message: '号码格式不对' }] }))],
  ['DELETE /dnc/:id', () => none],
  ['GET /sandbox/sms', ({ q }) => page(d.sms, q)],
  ['GET /sandbox/wechat', ({ q }) => page(d.wechat, q)],
  ['GET /sms/templates', () => ok(d.smsTemplates)],
  ['GET /sms/credit', () => ok({ remaining: 968 })],
  ['GET /tasks', () => ok(d.tasks)],
  ['POST /tasks/:id/:verb', () => none],
].map(([route, answer]) => {
  const [method, path] = route.split(' ')
  return { method, shape: new RegExp('^' + path.replace(/:\w+/g, '([^/]+)') + '$'), answer }
})

/** always are what every page needs: they answer in every mode, so that the frame stands around an empty or failing page. */
const always = /^\/(auth\/|me$|tasks)/

/**
 * answer is the whole mock: a request and a mode (full, empty, error, loading) to a
 * status and a body. 'loading' is null: never answered.
 */
export function answer({ method, path, q, body, session, mode }) {
  if (!always.test(path)) {
    if (mode === 'loading') return null
    if (mode === 'error' && method === 'GET') return problem(500, 'internal', 'internal')
  }
  for (const r of routes) {
    const found = r.method === method && r.shape.exec(path)
    if (!found) continue
    const got = r.answer({ q, body, session, mode, id: found[1] })
    const bare = mode === 'empty' && method === 'GET'
    if (bare && Array.isArray(got.body?.items) && !path.startsWith('/home')) return ok({ items: [], next: '', total: 0, total_capped: false })
    return bare && Array.isArray(got.body) ? ok([]) : got
  }
  return problem(404, 'not_found', '没有找到')
}
