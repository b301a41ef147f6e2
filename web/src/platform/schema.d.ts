// The shape of the HTTP API. `npm run gen` writes this file from the server's
// OpenAPI document; nothing outside platform/types.ts names a schema of it.

type Body<T> = { content: { 'application/json': T } }
type None = { content?: never }
type Params<P, Q> = { path: P; query?: Q; header?: never; cookie?: never }
type NoPath<Q> = { path?: never; query?: Q; header?: never; cookie?: never }
type Read<R, Q = never> = { parameters: NoPath<Q>; responses: { 200: Body<R> } }
type ReadOne<R, P, Q = never> = { parameters: Params<P, Q>; responses: { 200: Body<R> } }
type Write<B, R> = { parameters: NoPath<never>; requestBody: Body<B>; responses: { 200: Body<R> } }
type WriteOne<P, B, R> = { parameters: Params<P, never>; requestBody: Body<B>; responses: { 200: Body<R> } }
type Do<P, R = void> = { parameters: Params<P, never>; requestBody?: never; responses: { 200: Body<R>; 204: None } }
type Upload<R> = { parameters: NoPath<never>; requestBody: { content: { 'multipart/form-data': { file: string; id?: string } } }; responses: { 201: Body<R> } }

type ID = { id: string }
type Paging = { cursor?: string; limit?: number; sort?: string }
type S = components['schemas']
type Page<T> = { items: T[]; next: string; total: number | null; total_capped: boolean }

type CallFilter = {
  campaign?: string; grade?: string; outcome?: string; q?: string; from?: string; to?: string
  min_ms?: number; max_ms?: number; min_rounds?: number; assigned?: 'yes' | 'no'; seat?: string
}

export interface paths {
  '/auth/login': { post: Write<{ tenant: string; account: string; password: string }, S['Me']> }
  '/auth/logout': { post: { parameters: NoPath<never>; requestBody?: never; responses: { 204: None } } }
  '/me': { get: Read<S['Me']>; patch: Write<{ locale?: S['Locale']; theme?: S['Theme'] }, S['Me']> }
  '/me/password': { post: Write<{ old: string; new: string }, void> }
  '/system': { get: Read<S['System']> }
  '/home/checklist': { get: Read<S['Checklist']> }
  '/home/summary': { get: Read<S['Summary'], { from?: string; to?: string; campaign?: string }> }
  '/scripts': { get: Read<Page<S['Script']>, Paging & { q?: string; state?: string }> }
  '/scripts/{id}': { get: ReadOne<S['ScriptDetail'], ID, { version?: number }>; delete: Do<ID> }
  '/scripts/{id}/publish': { post: Do<ID, { task_id: string }> }
  '/scripts/upload': { post: Upload<S['ScriptDetail']> }
  '/seats': { get: Read<Page<S['Seat']>, Paging & { q?: string; state?: string; free?: boolean }> }
  '/seats/{id}': { get: ReadOne<S['SeatDetail'], ID>; patch: WriteOne<ID, { name?: string; enabled?: boolean }, S['Seat']> }
  '/time-templates': { get: Read<Page<S['TimeTemplate']>, Paging>; post: Write<S['TimeTemplateInput'], S['TimeTemplate']> }
  '/time-templates/{id}': { put: WriteOne<ID, S['TimeTemplateInput'], S['TimeTemplate']>; delete: Do<ID> }
  '/campaigns': {
    get: Read<Page<S['Campaign']>, Paging & { q?: string; state?: string; script?: string; from?: string; to?: string }>
    post: Write<S['CampaignInput'], S['Campaign']>
  }
  '/campaigns/{id}': {
    get: ReadOne<S['CampaignDetail'], ID>
    patch: WriteOne<ID, { name?: string; script_id?: string }, S['Campaign']>
    delete: Do<ID>
  }
  '/campaigns/{id}/start': { post: Do<ID, S['Campaign']> }
  '/campaigns/{id}/pause': { post: Do<ID, S['Campaign']> }
  '/campaigns/{id}/resume': { post: Do<ID, S['Campaign']> }
  '/campaigns/{id}/terminate': { post: Do<ID, S['Campaign']> }
  '/campaigns/{id}/copy': { post: Do<ID, S['Campaign']> }
  '/campaigns/{id}/leads': { get: ReadOne<Page<S['Lead']>, ID, Paging & { q?: string; state?: string; grade?: string }> }
  '/campaigns/{id}/log': { get: ReadOne<S['LogEntry'][], ID> }
  '/imports': { post: Upload<S['Import']> }
  '/imports/{id}': { get: ReadOne<S['Import'], ID>; delete: Do<ID> }
  '/imports/{id}/mapping': { post: WriteOne<ID, { phone: string; name?: string; vars: Record<string, string> }, S['Import']> }
  '/calls': { get: Read<Page<S['Call']>, Paging & CallFilter> }
  '/calls/{id}': { get: ReadOne<S['CallDetail'], ID> }
  '/calls/{id}/peaks': { get: ReadOne<S['Peaks'], ID> }
  '/calls/assign': { post: Write<{ call_ids: string[]; user_id: string; view: 'masked' | 'full' }, S['Assigned']> }
  '/customers': { get: Read<Page<S['Customer']>, Paging & { q?: string; grade?: string; owner?: string; mine?: boolean }> }
  '/customers/{id}': {
    get: ReadOne<S['CustomerDetail'], ID>
    patch: WriteOne<ID, { name?: string; age?: number | null; source?: string; fields?: Record<string, string> }, S['Customer']>
  }
  '/customers/{id}/reveal': { post: Do<ID, { number: string }> }
  '/customers/assign': { post: Write<{ ids: string[]; user_id: string; view: 'masked' | 'full' }, S['Assigned']> }
  '/users': { get: Read<S['User'][], { role?: string }> }
  '/dnc': { get: Read<Page<S['Dnc']>, Paging & { q?: string }>; post: Write<{ number: string; note: string }, S['Dnc']> }
  '/dnc/{id}': { delete: Do<ID> }
  '/sandbox/sms': { get: Read<Page<S['SandboxSms']>, Paging> }
  '/sandbox/wechat': { get: Read<Page<S['SandboxWechat']>, Paging> }
  '/sms/templates': { get: Read<S['SmsTemplate'][]> }
  '/sms/credit': { get: Read<{ remaining: number }> }
  '/tasks': { get: Read<S['Task'][]> }
  '/tasks/{id}/cancel': { post: Do<ID> }
  '/tasks/{id}/seen': { post: Do<ID> }
  '/operator/tenants': { get: Read<Page<S['OperatorTenant']>, Paging> }
  '/operator/health': { get: Read<S['System']> }
}

export interface components {
  schemas: {
    Locale: 'zh-CN' | 'en-US'
    Theme: 'light' | 'dark' | 'system'
    Role: 'admin' | 'sales' | 'operator'
    Grade: 'A' | 'B' | 'C' | 'D' | 'E' | 'F'
    Grades: Record<S['Grade'], number>
    Ref: { id: string; name: string }
    Problem: {
      type?: string; title?: string; status: number; detail: string; key: string
      args?: Record<string, unknown>; fields?: S['FieldProblem'][]; ref?: string
    }
    FieldProblem: { path: string; key: string; message: string; args?: Record<string, unknown> }
    Notice: { level: 'info' | 'warning'; key: string; args?: Record<string, unknown>; text: string }
    Me: {
      user: { id: string; name: string; account: string; role: S['Role']; locale: S['Locale']; theme: S['Theme']; must_change_password: boolean }
      tenant: { id: string; code: string; name: string; short_name: string; zone: string } | null
      rights: string[]
      notices: S['Notice'][]
      sandbox: boolean
    }
    System: {
      version: string; commit: string
      speech: {
        recognizer: { name: string; state: 'ready' | 'starting' | 'missing'; why_key?: string; text?: string }
        synthesizer: { name: string; state: 'ready' | 'starting' | 'missing' }
      }
      broker: { kind: 'redis' | 'child' | 'memory'; durable: boolean }
      database: { kind: string }
      storage: string
      demo: boolean
      nodes: { id: string; role: string; calls: number; max_calls: number; lag_p99_ms: number }[]
    }
    Checklist: { ready: boolean; items: { key: 'seat' | 'script' | 'template' | 'sms' | 'wechat'; ok: boolean; text: string; link: string }[] }
    Summary: {
      seats: Record<S['SeatState'], number>
      campaigns: Record<S['CampaignState'], number>
      dials: { dialled: number; connected: number; connect_rate: number; talk_ms: number; avg_talk_ms: number }
      grades: S['Grades']
      days: { day: string; dialled: number; connected: number; grades: S['Grades'] }[]
      hours: { hour: number; dialled: number; connected: number }[]
    }
    Script: {
      id: string; name: string; description: string; locale: string; state: 'draft' | 'published'
      version: number; published_version: number; nodes: number; keywords: number; used_by: number
      updated_at: string; created_at: string; updated_by: string
    }
    ScriptProblem: { severity: 'error' | 'warning'; place: string; key: string; args?: Record<string, unknown>; message: string }
    FlowNode: { id: string; label: string; kind: 'say' | 'end' | 'transfer' | 'answer'; step: number; last_step: boolean; lines: string[]; x?: number; y?: number }
    FlowEdge: { from: string; to: string; label: string; kind: string }
    KeywordClass: { id: string; label: string; kind: string; counts_for_a: boolean; keywords: string[] }
    ScriptVersion: { version: number; state: string; published_at: string | null; by: string }
    ScriptDetail: S['Script'] & {
      definition: unknown
      graph: { nodes: S['FlowNode'][]; edges: S['FlowEdge'][] }
      classes: S['KeywordClass'][]
      problems: S['ScriptProblem'][]
      versions: S['ScriptVersion'][]
      prompts: { total: number; ready: number }
    }
    SeatState: 'idle' | 'in_service' | 'disabled' | 'expired'
    Seat: {
      id: string; number: string; name: string; state: S['SeatState']; campaign: S['Ref'] | null
      dial_count: number; valid_until: string; days_left: number | null; created_at: string
    }
    SeatDetail: S['Seat'] & {
      stats: { dialled: number; connected: number; talk_ms: number; outcomes: Record<string, number>; grades: S['Grades']; rounds: Record<string, number> }
    }
    HoursRange: { from: string; to: string }
    TimeTemplateInput: {
      name: string; zone: string; weekdays: number[]; ranges: S['HoursRange'][]
      exceptions: { date: string; ranges: S['HoursRange'][] }[]
    }
    TimeTemplate: S['TimeTemplateInput'] & { id: string; used_by: number; created_at: string }
    CampaignState: 'not_started' | 'running' | 'paused' | 'terminated' | 'completed'
    Campaign: {
      id: string; name: string; state: S['CampaignState']; script: S['Ref'] & { version: number }; seats: number
      template: S['Ref']; counts: { total: number; called: number; connected: number; active: number; waiting: number }
      grades: S['Grades']; connect_rate: number; start_at: string | null; started_at: string | null; ended_at: string | null
      created_at: string; created_by: S['Ref']; why_waiting: { key: string; args?: Record<string, unknown>; text: string } | null
    }
    Gate: { keywords?: string[]; min_keywords?: number; min_talk_s?: number; min_rounds?: number }
    ScreeningSms: { template_id: string; grades: S['Grade'][] }
    Push: { grades: S['Grade'][]; rep_ids: string[]; mode: 'each' | 'round_robin' | 'owner' }
    CampaignInput: {
      name: string; script_id: string; import_id: string; seat_ids: string[]; template_id: string
      start: 'now' | 'later' | 'manual'; start_at?: string; keyword_sms: { template_id: string } | null
      screening_sms: S['ScreeningSms'][]; push: S['Push'] | null; gate: S['Gate'] | null
    }
    ActiveCall: { call_id: string; seat: string; name: string; number: string; state: 'dialling' | 'talking' | 'ended'; since: string; last_text: string }
    CampaignDetail: S['Campaign'] & {
      seat_list: S['Seat'][]; gate: S['Gate'] | null; keyword_sms: { template_id: string } | null
      screening_sms: S['ScreeningSms'][]; push: S['Push'] | null
      funnel: { dialled: number; connected: number; round1: number; ab: number }
      lead_grades: S['Grades']; outcomes: Record<string, number>
      seat_turnaround_ms: { p50: number; p95: number } | null; active_calls: S['ActiveCall'][]
    }
    Lead: {
      id: string; name: string; number: string; state: string; grade: S['Grade'] | null; tries: number
      last_outcome: string; last_call_id: string; vars: Record<string, string>; row: number; at: string
    }
    LogEntry: { at: string; by: string; action: string; args?: Record<string, unknown>; text: string }
    Import: {
      id: string; file_name: string; state: 'uploaded' | 'checking' | 'ready' | 'failed'; sheets: string[]
      headers: { column: string; title: string; guess: 'phone' | 'name' | 'var' | 'ignore'; sample: string[] }[]
      rows_estimate: number; preview: string[][]
      accepted?: number; rejected?: { invalid: number; duplicate: number; dnc: number; in_campaign: number }
      done?: number; total?: number; progress?: number
    }
    Call: {
      id: string; campaign: S['Ref'] | null; lead_id: string; customer_id: string; name: string; number: string
      grade: S['Grade']; outcome: string; duration_ms: number; talk_ms: number; rounds: number; started_at: string
      seat: string; assigned_to: S['Ref'] | null; has_recording: boolean; interrupted: boolean
    }
    GradeHit: { class: string; class_label: string; keyword: string; matched: string; at_ms: number; turn: number; counts_for_a: boolean }
    TurnHit: { class: string; class_label: string; kind: string; keyword: string; from: number; to: number }
    Turn: {
      i: number; who: 'callee' | 'robot'; text: string; at_ms: number; end_ms: number; source: 'asr' | 'text' | 'digit' | 'prompt' | 'tts'
      node: string; node_label: string; interrupted: boolean; hits: S['TurnHit'][]; latency_ms: number | null
    }
    CallDetail: S['Call'] & {
      grade_reason: { rule: number; key: string; args?: Record<string, unknown>; text: string; hits: S['GradeHit'][]; gate: Record<string, unknown> | null; rounds: number; talk_ms: number }
      transcript: S['Turn'][]
      path: { node: string; label: string; at_ms: number }[]
      timeline: { at_ms: number; kind: 'invite' | 'ringing' | 'answered' | 'hangup' | 'sms' | 'push' | 'digit'; text: string }[]
      promises: { kind: 'sms' | 'wechat'; state: string; to: string; text: string; at: string }[]
      recording: { url: string; duration_ms: number; bytes: number } | null
      script: S['Ref'] & { version: number }
      latency: { turn_ms: { p50: number; p95: number } | null; barge_in_ms: { p50: number; p95: number } | null }
      sip: { status: number; reason: string; by: string }
      attempt_id: string
      line: string
    }
    Peaks: { rate: number; left: number[]; right: number[] }
    Assigned: { assigned: number; refused: { call_id: string; key: string; text: string }[] }
    Customer: {
      id: string; name: string; number: string; source: string; grade: S['Grade'] | null; campaigns: number; calls: number
      owner: S['Ref'] | null; last_call_at: string | null; created_at: string; fields: Record<string, string>; age?: number | null
    }
    CustomerDetail: S['Customer'] & {
      history: { call_id: string; kind: 'robot'; campaign: S['Ref'] | null; seat: string; outcome: string; grade: S['Grade']; duration_ms: number; rounds: number; at: string }[]
    }
    User: { id: string; name: string; account: string; role: S['Role']; phone: string; wechat_bound: boolean; enabled: boolean; customers: number; last_login_at: string | null }
    Dnc: { id: string; number: string; source: 'manual' | 'call' | 'import'; note: string; created_at: string }
    SandboxSms: { id: string; to: string; sign: string; text: string; segments: number; state: string; at: string; call_id: string | null; campaign: S['Ref'] | null }
    SandboxWechat: { id: string; openid: string; rep: S['Ref']; template: string; data: Record<string, string>; url: string; at: string; call_id: string }
    SmsTemplate: { id: string; kind: 'screening' | 'keyword'; name: string; text: string; enabled: boolean }
    Task: {
      id: string; kind: string; title: string; state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
      done: number; total: number; result: { url?: string; text?: string } | null; created_at: string; seen: boolean
    }
    OperatorTenant: {
      id: string; code: string; name: string; state: string; plan: { robot_seats: number; sms_credit: number; valid_until: string }
      usage: { calls_today: number; seats_used: number }; created_at: string
    }
  }
}
