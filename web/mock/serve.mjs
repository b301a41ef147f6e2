// A stand-in for the server, for working on screens and for `npm run shots`:
//
//	node mock/serve.mjs [port]     serves dist/ and the mocked API on 127.0.0.1
//
// The cookie yd_mock chooses the mode: full (default), empty, error, loading.
import { cpSync, createReadStream, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { answer } from './answer.mjs'
import { me, operator, recording } from './data.mjs'
import { inEnglish } from './english.mjs'

const dist = fileURLToPath(new URL('../dist', import.meta.url))
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json' }
const cookies = text => Object.fromEntries((text ?? '').split('; ').filter(Boolean).map(c => c.split('=')))

async function bodyOf(request) {
  const parts = []
  for await (const p of request) parts.push(p)
  try { return JSON.parse(Buffer.concat(parts).toString()) } catch { return {} }
}

function events(response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
  response.write('event: hello\ndata: {}\n\n')
}

function sound(request, response) {
  const wav = recording()
  const [, from, to] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? []
  if (from === undefined) return response.writeHead(200, { 'Content-Type': 'audio/wav', 'Content-Length': wav.length, 'Accept-Ranges': 'bytes' }).end(wav)
  const end = to ? Number(to) : wav.length - 1
  response.writeHead(206, { 'Content-Type': 'audio/wav', 'Content-Range': `bytes ${from}-${end}/${wav.length}`, 'Accept-Ranges': 'bytes' }).end(wav.subarray(Number(from), end + 1))
}

// A page of ours has no dot in its address: a missing file is said to be missing.
function file(root, path, response) {
  const name = join(root, normalize(path))
  const there = name.startsWith(root) && existsSync(name) && statSync(name).isFile()
  if (!there && extname(path)) return response.writeHead(404).end()
  const found = there ? name : join(root, 'index.html')
  response.writeHead(200, { 'Content-Type': types[extname(found)] ?? 'application/octet-stream' })
  createReadStream(found).pipe(response)
}

// Who is logged in is a cookie, so that each browser of a test has its own.
function sessionOf(jar) {
  const who = jar.yd_who === 'operator' ? operator : jar.yd_who === 'tenant' ? me : null
  return { me: who && { ...who, user: { ...who.user, locale: jar.yd_locale || who.user.locale } } }
}
const keep = session => [
  `yd_who=${session.me ? (session.me.tenant ? 'tenant' : 'operator') : ''}; Path=/`, `yd_csrf=mock; Path=/`, ...(session.me ? [`yd_locale=${session.me.user.locale}; Path=/`] : []),
]

async function api(request, response, url, jar) {
  const path = url.pathname.slice('/api/v1'.length)
  if (path === '/events') return events(response)
  if (/^\/calls\/\w+\/recording$/.test(path)) return sound(request, response)
  const session = sessionOf(jar)
  const got = answer({ method: request.method, path, q: url.searchParams, body: await bodyOf(request), session, mode: jar.yd_mock ?? 'full' })
  if (!got) return // loading: the answer never comes
  response.writeHead(got.status, { 'Content-Type': got.type ?? 'application/json', 'Set-Cookie': keep(session) })
  const body = request.headers['accept-language']?.startsWith('en') ? inEnglish(got.body) : got.body
  response.end(body === undefined ? undefined : JSON.stringify(body))
}

/** serve starts the mock on a port (0: any free one) and resolves to its server. It serves the console as it was built at this moment, whatever is built meanwhile. */
export function serve(port) {
  const root = mkdtempSync(join(tmpdir(), 'yingda-console-'))
  cpSync(dist, root, { recursive: true })
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://mock')
    const jar = cookies(request.headers.cookie)
    if (!url.pathname.startsWith('/api/v1/')) return file(root, url.pathname, response)
    api(request, response, url, jar).catch(e => { console.error(e); response.writeHead(500).end() })
  })
  process.on('exit', () => rmSync(root, { recursive: true, force: true }))
  return new Promise(ready => server.listen(port, '127.0.0.1', () => ready(server)))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = await serve(Number(process.argv[2] ?? 8090))
  console.log(`mock on http://127.0.0.1:${server.address().port}`)
}
