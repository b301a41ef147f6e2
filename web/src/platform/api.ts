import createClient, { type Middleware } from 'openapi-fetch'
import { asProblem, Problem, problemOf } from './problem'
import type { paths } from './schema'

export const base = '/api/v1'

let language = 'zh-CN'
let signedOut: () => void = () => {}
let doubted: () => void = () => {}

/** speak sets the language in which the server answers from now on. */
export function speak(locale: string) { language = locale }

/** onSignedOut registers what happens when the server no longer knows this session. */
export function onSignedOut(then: () => void) { signedOut = then }

/** onDoubt registers what happens when the answer to a change was lost. */
export function onDoubt(then: () => void) { doubted = then }

/** cookie returns a readable cookie's value, '' where there is none. */
function cookie(name: string) {
  const found = document.cookie.split('; ').find(c => c.startsWith(name + '='))
  return found ? decodeURIComponent(found.slice(name.length + 1)) : ''
}

/** headers are what every request of ours carries; writes add the CSRF token. */
export function headers(method: string): Record<string, string> {
  const all: Record<string, string> = { 'Accept-Language': language }
  if (method !== 'GET' && method !== 'HEAD') all['X-CSRF-Token'] = cookie('yd_csrf')
  return all
}

function doubt(problem: Problem): Problem {
  if (problem.unsure) doubted()
  return problem
}

async function refuse(response: Response, method: string): Promise<never> {
  const problem = doubt(await problemOf(response, method))
  if (problem.key === 'auth.required' || (problem.status === 401 && problem.key === '')) signedOut()
  throw problem
}

const manners: Middleware = {
  onRequest({ request }) {
    for (const [k, v] of Object.entries(headers(request.method))) request.headers.set(k, v)
    return request
  },
  async onResponse({ request, response }) {
    if (!response.ok) await refuse(response, request.method)
    return response
  },
  onError({ request, error }) { return doubt(asProblem(error, request.method)) },
}

/** api is the typed client: a path or field that the server does not have does not compile. */
export const api = createClient<paths>({
  baseUrl: base,
  fetch: request => fetch(request), // looked up at each call, so that tests may replace it
  querySerializer: { array: { style: 'form', explode: false } },
})
api.use(manners)

/** data unwraps an answer: what the server sent, or a Problem thrown. */
export async function data<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T
}

/** upload sends one file with optional fields and reports progress from 0 to 1. Where stop is given it can be called off: then the promise stays open, there is nobody to tell. */
export function upload<T>(path: string, file: File, fields: Record<string, string> = {}, progress?: (part: number) => void, stop?: AbortSignal): Promise<T> {
  const form = new FormData()
  for (const [k, v] of Object.entries(fields)) form.append(k, v)
  form.append('file', file)
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest() // fetch tells nothing of how much went up
    request.open('POST', base + path)
    for (const [k, v] of Object.entries(headers('POST'))) request.setRequestHeader(k, v)
    request.upload.onprogress = e => e.lengthComputable && progress?.(e.loaded / e.total)
    request.onerror = () => reject(doubt(new Problem({ status: 0 }, 'POST')))
    request.onload = () => {
      const answer = new Response(request.responseText, { status: request.status, headers: { 'X-Request-Id': request.getResponseHeader('X-Request-Id') ?? '' } })
      if (answer.ok) resolve(JSON.parse(request.responseText) as T)
      else refuse(answer, 'POST').catch(reject)
    }
    stop?.addEventListener('abort', () => request.abort())
    request.send(form)
  })
}

/** fetchFile asks for a file; whatever is not one is thrown as a Problem. */
export async function fetchFile(path: string, query: Record<string, unknown> = {}): Promise<Response> {
  const answer = await fetch(link(path, query), { headers: headers('GET') }).catch(e => { throw asProblem(e) })
  return answer.ok ? answer : refuse(answer, 'GET')
}

/** link is the address of a file that the server serves, filters included, in the language of the console (a browser that follows a link asks for its own). */
export function link(path: string, query: Record<string, unknown> = {}): string {
  const given = Object.entries({ ...query, lang: language }).filter(([, v]) => v !== undefined && v !== null && v !== '')
  const search = new URLSearchParams(given.map(([k, v]) => [k, String(v)]))
  return base + path + (given.length ? '?' + search : '')
}
