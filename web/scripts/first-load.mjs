// Adds up, for every page, what a first visit downloads before the page can be used
// (the entry, the larger language, and the page's own code, gzipped) and fails above the limit.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const limit = 400 * 1024
const dist = new URL('../dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist)))

function needs(key, seen = new Set()) {
  if (seen.has(key)) return seen
  seen.add(key)
  for (const next of manifest[key].imports ?? []) needs(next, seen)
  return seen
}
const filesOf = keys => new Set([...keys].flatMap(k => [manifest[k].file, ...(manifest[k].css ?? [])]))
const sizes = new Map()
function size(file) {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(new URL(file, dist)), { level: 6 }).length)
  return sizes.get(file)
}
const sum = keys => [...filesOf(keys)].reduce((n, f) => n + size(f), 0)

const entry = Object.keys(manifest).find(k => manifest[k].isEntry)
const languages = Object.keys(manifest).filter(k => /^src\/locale\/.*\.ts$/.test(k))
const language = languages.sort((a, b) => sum(needs(b)) - sum(needs(a)))[0]
const screens = [...needs(entry)].flatMap(k => manifest[k].dynamicImports ?? []).filter(k => k.startsWith('src/features/'))
const loads = screens.map(k => {
  const keys = needs(k, needs(language, needs(entry)))
  return { page: k.replace('src/features/', ''), bytes: sum(keys) }
}).sort((a, b) => b.bytes - a.bytes)

const kb = n => (n / 1024).toFixed(1).padStart(7) + ' KB gz'
console.log(kb(sum(needs(entry))), ' entry alone')
for (const l of loads) console.log(kb(l.bytes), ' first load of', l.page, l.bytes > limit ? ' TOO MUCH' : '')
if (!loads.length) throw new Error('no screens found in the manifest: this check would prove nothing')
if (loads.some(l => l.bytes > limit)) process.exit(1)
