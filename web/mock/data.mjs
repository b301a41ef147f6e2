import { readFileSync } from 'node:fs'

// What the mock server answers, written from the HTTP contract: one tenant selling flats.
// Nothing here is random: the same picture every time.

const minute = 60_000
export const now = Date.now()
const iso = ago => new Date(now - ago).toISOString()
const grades = ['A', 'B', 'C', 'D', 'E', 'F']
const family = ['王', '李', '张', '刘', '陈', '杨', '赵', '黄', '周', '吴', '徐', '孙', '马', '朱', '胡', '郭', '何', '高', '林', '罗']
const given = ['先生', '女士', '建国', '秀英', '子涵', '浩然', '雨桐', '志强', '思远', '丽华']
const person = i => family[i % family.length] + given[(i * 7) % given.length]
const number = i => `138****${String(1000 + ((i * 37) % 9000)).padStart(4, '0')}`

export const me = {
  user: { id: '7001', name: '林晓', account: 'admin', role: 'admin', locale: 'zh-CN', theme: 'system', must_change_password: false },
  tenant: { id: '1', code: 'demo', name: '云栖置业有限公司', short_name: '云栖置业', zone: 'Asia/Shanghai', human_seats: 0 },
  rights: 'home:read campaign:read campaign:write campaign:run call:read call:export script:read script:write seat:read seat:write template:read template:write customer:read customer:write customer:assign dnc:read dnc:write phone:reveal user:read sms:read sandbox:read system:read'.split(' '),
  notices: [],
  sandbox: true,
}
export const operator = {
  user: { ...me.user, id: '1', name: '运维', account: 'operator', role: 'operator' }, tenant: null, rights: ['tenant:read', 'tenant:write', 'system:read'], notices: [], sandbox: true,
}

export const system = {
  version: '0.1.0', commit: 'a1b2c3d',
  speech: { recognizer: { name: 'yingda-asr · whisper-base-zh', state: 'ready', why_key: '', text: '' }, synthesizer: { name: 'hantts', state: 'ready' } },
  broker: { kind: 'child', durable: true }, database: { kind: 'sqlite' }, checks: [{ name: 'database', ok: true, ms: 0.4 }], state: 'ready', demo: true,
  nodes: [{ id: 'media-1', role: 'media', calls: 12, max_calls: 400, lag_p99_ms: 1.2 }, { id: 'worker-1', role: 'worker', calls: 0, max_calls: 0, lag_p99_ms: 0.4 }],
}

export const checklist = ready => ({
  ready,
  items: [
    { key: 'seat', must: true, ok: true, text: '12 个机器坐席可用', link: '/seats' },
    { key: 'script', must: true, ok: ready, text: ready ? '2 个话术已发布' : '还没有已发布的话术', link: '/scripts' },
    { key: 'template', must: true, ok: ready, text: ready ? '1 个时间模板' : '还没有时间模板', link: '/time-templates' },
    { key: 'sms', must: false, ok: true, text: '剩余 968 条短信', link: '/sandbox' },
    { key: 'wechat', must: false, ok: false, text: '未配置公众号，通话结果不会推送到微信', link: '/sandbox' },
  ],
})

const shares = [0.11, 0.14, 0.2, 0.17, 0.08, 0.3]
const split = n => Object.fromEntries(grades.map((g, i) => [g, Math.round(n * shares[i])]))
const wave = [320, 410, 388, 452, 120, 96, 505, 470, 433, 512, 398, 142, 88, 530]

export function summary(days = 14) {
  const list = Array.from({ length: days }, (_, i) => {
    const dialled = wave[i % wave.length]
    return { day: new Date(now - (days - 1 - i) * 86_400_000).toISOString().slice(0, 10), dialled, connected: Math.round(dialled * 0.62), grades: split(dialled) }
  })
  const dialled = list.reduce((n, d) => n + d.dialled, 0)
  const connected = list.reduce((n, d) => n + d.connected, 0)
  return {
    seats: { idle: 7, in_service: 4, disabled: 1, expired: 1 }, campaigns: { not_started: 2, running: 2, paused: 1, terminated: 1, completed: 6 },
    dials: { dialled, connected, connect_rate: connected / dialled, talk_ms: connected * 41_000, avg_talk_ms: 41_000 },
    grades: split(dialled), days: list,
    hours: Array.from({ length: 12 }, (_, i) => ({ hour: 9 + i, dialled: wave[i] * 2, connected: Math.round(wave[i] * (1 + (i % 3) / 8)) })),
  }
}
export const nothingYet = {
  seats: { idle: 0, in_service: 0, disabled: 0, expired: 0 }, campaigns: { not_started: 0, running: 0, paused: 0, terminated: 0, completed: 0 },
  dials: { dialled: 0, connected: 0, connect_rate: 0, talk_ms: 0, avg_talk_ms: 0 }, grades: { A: 0, B: 0, C: 0, D: 0, E: 0, F: 0 }, days: [], hours: [],
}

const script = (id, name, state, more = {}) => ({
  id, name, description: '新盘推介：开场、意向、价格与位置问答、邀约到访', locale: 'zh-CN', state, version: 3, published_version: state === 'published' ? 3 : 0, nodes: 12, keywords: 164, used_by: state === 'published' ? 4 : 0,
  updated_at: iso(190 * minute), created_at: iso(9 * 1440 * minute), updated_by: '林晓', ...more,
})
export const scripts = [
  script('501', '云栖湾 · 新房邀约', 'published', { nodes: 17, keywords: 412 }), script('502', '老客户回访 · 春季', 'published', { nodes: 8, keywords: 96, used_by: 1, version: 1, published_version: 1, description: '回访已到访客户，了解购房进度' }),
  script('503', '商铺招商邀约', 'draft', { nodes: 6, keywords: 41, version: 1, updated_at: iso(12 * minute), description: '沿街商铺招商，草稿' }),
]
const property = JSON.parse(readFileSync(new URL('./property.json', import.meta.url))) // the demo script, as the server draws it
export function scriptDetail(id) {
  const s = scripts.find(x => x.id === id) ?? scripts[0]
  const draft = s.state === 'draft'
  return {
    ...s, definition: { name: s.name }, graph: { nodes: property.nodes, edges: property.edges }, classes: property.classes,
    problems: draft ? [
      { severity: 'error', place: '流程!C12', key: 'script.branch_nowhere', message: '“商铺面积”指向的节点“面积介绍”不存在' }, { severity: 'warning', place: '关键词!B7', key: 'script.keyword_twice', message: '“考虑一下”同时属于“拒绝”和“肯定”' },
    ] : [],
    versions: [3, 2, 1].slice(3 - s.version).map(v => ({ version: v, state: v === s.published_version ? 'published' : 'draft', published_at: iso((4 - v) * 2000 * minute), by: '林晓' })),
    prompts: { total: 23, ready: draft ? 0 : 23 },
  }
}

const seatStates = ['in_service', 'in_service', 'in_service', 'in_service', 'idle', 'idle', 'idle', 'idle', 'idle', 'idle', 'idle', 'disabled', 'expired']
export const seats = seatStates.map((state, i) => ({
  id: String(600 + i), number: `0571${8800_0000 + i}`, name: `云栖 ${i + 1} 号`, state, campaign: state === 'in_service' ? { id: '801', name: '云栖雅苑 11 月首拨' } : null,
  dial_count: 1820 - i * 97, valid_until: iso(-(state === 'expired' ? -3 : i === 4 ? 12 : 220) * 1440 * minute), days_left: state === 'expired' ? 0 : i === 4 ? 12 : null, created_at: iso(90 * 1440 * minute),
}))
export const seatDetail = id => ({
  ...(seats.find(s => s.id === id) ?? seats[0]),
  stats: { dialled: 1820, connected: 1130, talk_ms: 46_330_000, outcomes: { answered: 1130, no_answer: 402, busy: 148, refused: 61, bad_number: 72, line_failure: 7 }, grades: split(1820), rounds: [210, 301, 268, 351] },
})

const office = [{ from: '09:00', to: '12:00' }, { from: '14:00', to: '20:00' }]
export const templates = [
  { id: '301', name: '工作日 白天', zone: 'Asia/Shanghai', weekdays: [1, 2, 3, 4, 5], ranges: office, exceptions: [{ date: '2027-01-01', ranges: [] }, { date: '2027-02-06', ranges: [] }], used_by: 3, created_at: iso(40 * 1440 * minute) },
  { id: '302', name: '全周 黄金时段', zone: 'Asia/Shanghai', weekdays: [1, 2, 3, 4, 5, 6, 7], ranges: [{ from: '10:00', to: '11:30' }, { from: '19:00', to: '20:30' }], exceptions: [], used_by: 1, created_at: iso(20 * 1440 * minute) },
  { id: '303', name: '周末', zone: 'Asia/Shanghai', weekdays: [6, 7], ranges: [{ from: '10:00', to: '20:00' }], exceptions: [], used_by: 0, created_at: iso(2 * 1440 * minute) },
]

const states = ['running', 'running', 'paused', 'not_started', 'completed', 'completed', 'terminated', 'completed']
export const campaigns = states.map((state, i) => {
  const total = [480, 1200, 2000, 40, 860, 320, 500, 1500][i]
  const called = state === 'not_started' ? 0 : state === 'completed' ? total : Math.round(total * [0.62, 0.21, 0.55, 0, 1, 1, 0.35, 1][i])
  return {
    id: String(801 + i), name: ['云栖雅苑 11 月首拨', '老业主转介 · 二期', '商铺招商 第三批', '周末看房邀约', '10 月到访客户回访', '样板间开放通知', '车位认购提醒', '秋季交房满意度'][i], state,
    script: { id: '501', name: '云栖湾 · 新房邀约', version: 3 }, seats: [4, 4, 2, 2, 6, 3, 2, 6][i], template: { id: '301', name: '工作日 白天' },
    counts: { total, called, connected: Math.round(called * 0.61), active: state === 'running' ? 4 : 0, waiting: total - called }, grades: split(called), connect_rate: called ? 0.61 : 0,
    start_at: null, started_at: called ? iso((i + 1) * 300 * minute) : null, ended_at: state === 'completed' ? iso(i * 200 * minute) : null, created_at: iso((i + 1) * 420 * minute), created_by: { id: '7001', name: '林晓' },
    why_waiting: i === 1 ? { key: 'campaign.outside_hours', text: '不在外呼时段，14:00 继续' } : null,
  }
})
export function campaignDetail(id) {
  const c = campaigns.find(x => x.id === id) ?? campaigns[0]
  const live = c.state === 'running'
  return {
    ...c, seat_list: seats.slice(0, c.seats), import: { id: '66', name: '11 月客户.xlsx' },
    rules: {
      seats: seats.slice(0, c.seats).map(x => x.id), gate: { keywords: ['多少钱', '在哪里'], min_keywords: 1, min_talk_s: 20, min_rounds: 2 }, keyword_sms: { template_id: '41' },
      screening_sms: [{ template_id: '42', grades: ['A', 'B'] }], push: { grades: ['A', 'B'], rep_ids: ['7002'], mode: 'each' },
    },
    funnel: { dialled: c.counts.called, connected: c.counts.connected, round1: Math.round(c.counts.connected * 0.72), ab: c.grades.A + c.grades.B }, lead_grades: split(c.counts.called),
    outcomes: { answered: c.counts.connected, no_answer: Math.round(c.counts.called * 0.2), busy: Math.round(c.counts.called * 0.08), refused: Math.round(c.counts.called * 0.05), bad_number: Math.round(c.counts.called * 0.06) },
    seat_turnaround_ms: live ? { p50: 118, p95: 240 } : null,
    active_calls: live ? ['请问价格大概多少？', '我在开会，晚点吧', '', '好的，周六可以'].map((text, i) => ({ call_id: String(9000 + i), lead_id: '1', seat: seats[i].number, name: person(i + 3), number: number(i + 3), state: text ? 'talking' : 'dialling', since: iso((i + 1) * 9000) })) : [],
  }
}
export const leads = Array.from({ length: 60 }, (_, i) => ({
  id: String(10_000 + i), name: person(i), number: number(i), state: i < 40 ? 'done' : i < 44 ? 'calling' : 'waiting', grade: i < 40 ? grades[(i * 5) % 6] : null, tries: i < 44 ? 1 : 0,
  last_outcome: i < 40 ? ((i * 5) % 6 === 5 ? 'no_answer' : 'answered') : '', last_call_id: i < 40 ? String(9100 + i) : '', vars: { 项目: '云栖雅苑' }, row: i + 2, at: iso(i * 7 * minute),
}))
export const campaignLog = [['create', '创建任务'], ['start', '启动任务'], ['pause', '暂停任务'], ['resume', '继续任务']].map(([action, text], i) => ({ at: iso((300 - i * 40) * minute), by: '林晓', action, text }))

export const calls = Array.from({ length: 120 }, (_, i) => {
  const grade = grades[(i * 5 + (i >> 3)) % 6]
  const talk = grade === 'F' ? 0 : 8000 + ((i * 7919) % 96_000)
  return {
    id: String(9100 + i), campaign: { id: '801', name: campaigns[i % 3].name }, lead_id: String(10_000 + (i % 60)), customer_id: String(20_000 + (i % 60)), name: person(i), number: number(i), grade,
    outcome: grade === 'F' ? ['no_answer', 'busy', 'bad_number', 'refused'][i % 4] : 'answered', duration_ms: talk + 6000, talk_ms: talk, rounds: grade === 'F' ? 0 : grade === 'D' ? 1 : 1 + (i % 5), started_at: iso(i * 6 * minute + 40_000),
    seat: seats[i % 4].name, assigned_to: i % 9 === 0 ? { id: '7002', name: '陈锐' } : null, has_recording: grade !== 'F', interrupted: i === 17,
  }
})
const talk = [
  ['robot', '您好，请问是王先生吗？', 800, 2900, 'prompt', '开场白', []], ['callee', '嗯，是我。', 3600, 4700, 'asr', '', [['positive', '肯定', 'positive', '嗯', 0, 1]]],
  ['robot', '我是云栖雅苑的置业顾问小云，我们新盘这周开放样板间，方便了解一下吗？', 5000, 10_200, 'prompt', '说明来意', []], ['callee', '你们那个房子多少钱一平？', 10_900, 13_100, 'asr', '', [['question', '一般问题', 'question', '多少钱', 6, 9]]],
  ['robot', '均价一万二起，首付三成。', 13_400, 16_000, 'prompt', '价格问答', []], ['callee', '那在哪里呀，离地铁近吗？', 16_700, 19_000, 'asr', '', [['question', '一般问题', 'question', '在哪里', 1, 4], ['question', '一般问题', 'question', '地铁', 7, 9]]],
  ['robot', '在地铁二号线云栖站，步行三百米。', 19_300, 22_600, 'prompt', '位置问答', [], true], ['callee', '哦，那你加个微信发我资料吧。', 22_100, 25_000, 'asr', '', [['sms', '短信', 'sms', '微信', 6, 8]]],
  ['robot', '好的，资料稍后发到您手机上。', 25_300, 27_900, 'prompt', '发送微信', []], ['robot', '这周六上午十点，我给您预留一个专车名额可以吗？', 28_300, 32_600, 'prompt', '邀约到访', []],
  ['callee', '可以。', 33_300, 34_000, 'asr', '', [['positive', '肯定', 'positive', '可以', 0, 2]]], ['robot', '好的，周六见。', 34_300, 36_000, 'prompt', '确认并道别', []],
]
export function callDetail(id) {
  const c = calls.find(x => x.id === id) ?? calls[0]
  const answered = c.grade !== 'F'
  const transcript = !answered ? [] : talk.map(([who, text, at_ms, end_ms, source, node, hits, interrupted], i) => ({
    i, who, text, at_ms, end_ms, source, node: node && `n${i}`, node_label: node, interrupted: !!interrupted, latency_ms: who === 'robot' && i ? 310 + i * 11 : null,
    hits: hits.map(([cls, class_label, kind, keyword, from, to]) => ({ class: cls, class_label, kind, keyword, from, to })),
  }))
  return {
    ...c, duration_ms: answered ? 38_000 : c.duration_ms, talk_ms: answered ? 36_400 : 0,
    grade_reason: {
      rule: 2, key: 'grade.rule.completed', text: answered ? '走完主流程（最后一步“确认并道别”），有效对话 4 轮，问到价格与位置' : '无人接听，振铃 28 秒', rounds: answered ? 4 : 0, talk_ms: answered ? 36_400 : 0,
      gate: answered ? [{ key: 'min_talk_s', text: '通话时长（秒）', need: 20, got: 36, ok: true }, { key: 'min_rounds', text: '有效对话轮数', need: 2, got: 4, ok: true }] : [],
      hits: transcript.flatMap(u => u.hits.map(h => ({ class: h.class, class_label: h.class_label, kind: h.kind, from: h.from, to: h.to, keyword: h.keyword, matched: h.keyword, at_ms: u.at_ms, turn: u.i, counts_for_a: h.kind === 'question' }))),
    },
    transcript, path: transcript.filter(u => u.node).map(u => ({ node: u.node, label: u.node_label, at_ms: u.at_ms })),
    timeline: [{ at_ms: 0, kind: 'invite', text: '开始呼叫' }, { at_ms: 900, kind: 'ringing', text: '振铃' }, ...(answered ? [{ at_ms: 4200, kind: 'answered', text: '已接听' }, { at_ms: 25_300, kind: 'sms', text: '已发送短信' }] : []), { at_ms: c.duration_ms, kind: 'hangup', text: answered ? '机器人挂机' : '未接听' }],
    promises: answered ? [{ id: '71' + c.id, error: '', kind: 'sms', state: 'sent', to: c.number, text: '【云栖置业】云栖雅苑资料：…', at: c.started_at }, { id: '72' + c.id, error: '公众号没有答复', kind: 'wechat', state: 'failed', to: '陈锐', text: 'A 级客户，请尽快联系', at: c.started_at }] : [],
    recording: answered ? { url: `/api/v1/calls/${c.id}/recording`, duration_ms: 38_000, bytes: 608_044 } : null,
    script: { id: '501', name: '云栖湾 · 新房邀约', version: 3 }, vars: { 项目: '云栖雅苑' }, answered_at: answered ? c.started_at : null, ended_at: c.started_at,
    latency: { turn_ms: answered ? { p50: 342, p95: 431, n: 5 } : { p50: 0, p95: 0, n: 0 }, barge_in_ms: answered ? { p50: 140, p95: 190, n: 1 } : { p50: 0, p95: 0, n: 0 } },
    sip: { status: answered ? 200 : 480, reason: answered ? 'OK' : 'Temporarily Unavailable', by: answered ? 'robot' : 'line' }, attempt_id: '55' + c.id, line: '演示线路',
  }
}

const heard = t => { const ms = t * 20; return talk.find(u => ms >= u[2] && ms < u[3])?.[0] }
/** Peaks as the server gives them: rate pairs a second, min and max of each. */
export function peaks() {
  const pairs = 38 * 50
  const side = who => Array.from({ length: pairs * 2 }, (_, i) => {
    const t = i >> 1
    const level = heard(t) === who ? 30 + 70 * Math.abs(Math.sin(t * 0.9) * Math.sin(t * 0.23)) : 1
    return Math.round(i % 2 ? level : -level)
  })
  return { rate: 50, left: side('callee'), right: side('robot') }
}
/** A recording of two tones where the two speak: 8 kHz, 16 bit, stereo. */
export function recording() {
  const frames = 38 * 8000
  const wav = Buffer.alloc(44 + frames * 4)
  wav.write('RIFF', 0); wav.writeUInt32LE(36 + frames * 4, 4); wav.write('WAVEfmt ', 8); wav.writeUInt32LE(16, 16); wav.writeUInt16LE(1, 20); wav.writeUInt16LE(2, 22)
  wav.writeUInt32LE(8000, 24); wav.writeUInt32LE(32_000, 28); wav.writeUInt16LE(4, 32); wav.writeUInt16LE(16, 34); wav.write('data', 36); wav.writeUInt32LE(frames * 4, 40)
  for (let i = 0; i < frames; i++) {
    const who = heard(Math.floor(i / 160))
    if (who === 'callee') wav.writeInt16LE(Math.round(4000 * Math.sin(i * 0.16)), 44 + i * 4)
    if (who === 'robot') wav.writeInt16LE(Math.round(4000 * Math.sin(i * 0.24)), 46 + i * 4)
  }
  return wav
}

export const customers = Array.from({ length: 60 }, (_, i) => ({
  id: String(20_000 + i), name: person(i), number: number(i), source: ['Excel 导入', '官网留资', '老客户转介'][i % 3], grade: grades[(i * 5) % 6], campaigns: 1 + (i % 3), calls: 1 + (i % 4), owner: i % 4 === 0 ? { id: '7002', name: '陈锐' } : null,
  last_call_at: iso(i * 31 * minute), created_at: iso((i + 3) * 1440 * minute), fields: { 意向户型: ['三室', '两室', '四室'][i % 3] }, age: i % 5 ? null : 35 + (i % 20),
}))
export const customerDetail = id => ({
  ...(customers.find(c => c.id === id) ?? customers[0]),
  history: calls.slice(0, 4).map(c => ({ call_id: c.id, kind: 'robot', campaign: c.campaign, seat: c.seat, outcome: c.outcome, grade: c.grade, duration_ms: c.duration_ms, rounds: c.rounds, at: c.started_at })),
})
export const users = ['陈锐', '周敏', '何嘉'].map((name, i) => ({ id: String(7002 + i), name, account: ['chenrui', 'zhoumin', 'hejia'][i], role: 'sales', phone: number(i + 90), wechat_bound: i < 2, enabled: true, customers: 14 - i * 3, last_login_at: i < 2 ? iso((i + 1) * 55 * minute) : null }))
export const dnc = Array.from({ length: 9 }, (_, i) => ({ id: String(400 + i), number: number(i + 50), source: ['manual', 'call', 'import'][i % 3], note: ['客户要求不再联系', '通话中说“别再打”', '历史名单'][i % 3], created_at: iso((i + 1) * 900 * minute) }))
export const sms = Array.from({ length: 12 }, (_, i) => ({ id: String(30 + i), to: number(i), sign: '云栖置业', text: '云栖雅苑在售户型与位置：地铁 2 号线云栖站 300 米。回复 T 退订', segments: 1, state: i === 3 ? 'failed' : 'delivered', at: iso(i * 8 * minute), call_id: String(9100 + i), campaign: { id: '801', name: '云栖雅苑 11 月首拨' } }))
export const wechat = Array.from({ length: 6 }, (_, i) => ({ id: String(70 + i), openid: `o6_bmjrPTlm6_2sgVt7hMZOPfL2${i}`, rep: { id: '7002', name: '陈锐' }, template: '通话结果通知', data: { first: '有一位 A 级客户', keyword1: person(i), keyword2: '询问价格与位置', keyword3: '0:36', remark: '点击查看录音与对话' }, url: `/m/calls/${9100 + i}`, at: iso(i * 8 * minute), call_id: String(9100 + i) }))
export const smsTemplates = [{ id: '41', kind: 'keyword', name: '资料短信', text: '云栖雅苑资料：{{链接}}', enabled: true }, { id: '42', kind: 'screening', name: '意向客户跟进', text: '感谢接听，{{姓名}}', enabled: true }]
export const tasks = [
  { id: '1', kind: 'script.publish', title: '发布话术“云栖湾 · 新房邀约”', state: 'running', done: 17, total: 23, result: null, created_at: iso(30_000), seen: false },
  { id: '2', kind: 'import', title: '导入“11 月客户.xlsx”', state: 'done', done: 480, total: 480, result: { text: '导入 468 条，12 条已跳过', url: '/api/v1/imports/1/rejects' }, created_at: iso(12 * minute), seen: false },
]
const headers = [['A', '手机号', 'phone'], ['B', '姓名', 'name'], ['C', '项目', 'var'], ['D', '意向户型', 'var']]
const firstRows = Array.from({ length: 5 }, (_, i) => [`1380000000${i}`, person(i), '云栖雅苑', ['三室', '两室'][i % 2]])
export const importOf = state => ({
  id: '66', file_name: '11 月客户.xlsx', state, failure: '', mapping: { phone: '' },
  sheet: { sheet: '客户', sheets: ['客户'], header_row: 1, rows_estimate: 480, preview: firstRows, headers: headers.map(([column, title, guess], c) => ({ column, title, guess, sample: firstRows.map(r => r[c]) })) },
  ...(state === 'ready' ? { accepted: 468, rejected: { invalid: 5, duplicate: 4, dnc: 2, in_campaign: 1 }, done: 480, total: 480, rejects_url: '/api/v1/imports/66/rejects' }
    : { accepted: 0, rejected: { invalid: 0, duplicate: 0, dnc: 0, in_campaign: 0 }, done: state === 'checking' ? 200 : 0, total: 480, rejects_url: '' }),
})
export const tenants = ['云栖置业', '海棠教育', '安邦汽车', '青禾口腔'].map((name, i) => ({
  id: String(i + 1), code: ['demo', 'haitang', 'anbang', 'qinghe'][i], name: name + '有限公司', state: i === 2 ? 'suspended' : 'active', plan: { robot_seats: [12, 30, 8, 5][i], sms_credit: [968, 15_200, 0, 320][i], valid_until: iso(-(i + 1) * 80 * 1440 * minute) },
  usage: { calls_today: [1820, 5304, 0, 212][i], seats_used: [4, 22, 0, 2][i] }, created_at: iso((i + 2) * 60 * 1440 * minute),
}))
