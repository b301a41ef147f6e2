import type { FieldProblem, ProblemBody } from './types'

/**
 * Problem is how every failed request arrives: the server's sentence in the person's
 * language, a key for the code that wants to act on it, and a reference for support.
 */
export class Problem extends Error {
  readonly status: number
  readonly key: string
  readonly args: Record<string, unknown>
  readonly fields: FieldProblem[]
  readonly ref: string
  readonly method: string

  constructor(body: Partial<ProblemBody> & { status: number }, method = 'GET') {
    super(body.detail || body.title || body.key || String(body.status))
    this.name = 'Problem'
    this.status = body.status
    this.key = body.key || (body.status === 0 ? 'platform.offline' : '')
    this.args = body.args ?? {}
    this.fields = body.fields ?? []
    this.ref = body.ref ?? ''
    this.method = method
  }

  /** True where the server never answered. */
  get offline() { return this.status === 0 }

  /** True where something was to be changed and the answer got lost, by the network or by what stands before the server: it may have been done. */
  get unsure() { return this.method !== 'GET' && this.method !== 'HEAD' && [0, 502, 504].includes(this.status) }
}

/** problemOf reads the body of a failed response; one that is not problem+json still becomes a Problem. */
export async function problemOf(response: Response, method?: string): Promise<Problem> {
  const text = await response.text().catch(() => '')
  try {
    const body = JSON.parse(text) as Partial<ProblemBody>
    return new Problem({ ...body, status: response.status, ref: body.ref || response.headers.get('X-Request-Id') || '' }, method)
  } catch {
    return new Problem({ status: response.status, ref: response.headers.get('X-Request-Id') ?? '' }, method)
  }
}

/** asProblem names anything that was thrown. */
export function asProblem(e: unknown, method?: string): Problem {
  if (e instanceof Problem) return e
  if (e instanceof TypeError && /fetch|network|load failed/i.test(e.message)) return new Problem({ status: 0 }, method)
  return new Problem({ status: -1, detail: e instanceof Error ? e.message : String(e) }, method)
}
