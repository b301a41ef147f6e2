// How numbers, times and phones are written. Pure: locale, zone and now are handed in.

/** phone groups 3-4-4, masked numbers (138****0001) alike; other lengths stay as they are. */
export function phone(number: string): string {
  const bare = number.replace(/^\+?86(?=1[\d*]{10}$)/, '').replace(/[\s-]/g, '')
  return /^[\d*]{11}$/.test(bare) ? `${bare.slice(0, 3)} ${bare.slice(3, 7)} ${bare.slice(7)}` : number
}

/** duration writes milliseconds as 1:05, from an hour on as 1:02:05. Never negative. */
export function duration(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000))
  const two = (n: number) => String(n).padStart(2, '0')
  const [h, m, r] = [Math.floor(s / 3600), Math.floor((s % 3600) / 60), s % 60]
  return h > 0 ? `${h}:${two(m)}:${two(r)}` : `${m}:${two(r)}`
}

/** money writes fen as ¥1,234.50. */
export function money(fen: number): string {
  return (fen < 0 ? '-¥' : '¥') + (Math.abs(fen) / 100).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
}

/** count writes a whole number with thousands separators. */
export function count(n: number): string { return Math.round(n).toLocaleString('en-US') }

/** percent writes a share (0.4567) as 45.7%; whole percents lose the .0. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return '–'
  const p = Math.round(share * 1000) / 10
  return `${Number.isInteger(p) ? p : p.toFixed(1)}%`
}

/** bytes writes 1536 as 1.5 KB. */
export function bytes(n: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  const i = n < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(n) / 10))
  const v = n / 1024 ** i
  return `${i === 0 || v >= 100 ? Math.round(v) : v.toFixed(1)} ${units[i]}`
}

/** dateTime is the full time in a zone, the same in every language: 2026-11-22 08:05:09. */
export function dateTime(at: string | number | Date, zone?: string): string {
  return parts(at, zone, { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' })
}

/** date is the day in a zone: 2026-11-22. */
export function date(at: string | number | Date, zone?: string): string {
  return parts(at, zone, { year: 'numeric', month: '2-digit', day: '2-digit' })
}

/** clock is the time of day in a zone: 08:05. */
export function clock(at: string | number | Date, zone?: string): string {
  return parts(at, zone, { hour: '2-digit', minute: '2-digit' })
}

function parts(at: string | number | Date, zone: string | undefined, fields: Intl.DateTimeFormatOptions): string {
  // sv-SE writes ISO order, which Chinese and English readers both take at a glance.
  return new Intl.DateTimeFormat('sv-SE', { ...fields, hourCycle: 'h23', timeZone: zone || undefined }).format(new Date(at))
}

/** since says how long ago a moment was, as a key and a count for the translator. */
export function since(at: number, now: number): { key: string; count: number } {
  const s = Math.round((now - at) / 1000)
  const future = s < -5
  const a = Math.abs(s)
  const [key, n]: [string, number] = a < 45 ? ['now', 0] : a < 3570 ? ['minutes', Math.round(a / 60)]
    : a < 86400 ? ['hours', Math.round(a / 3600)] : ['days', Math.round(a / 86400)]
  return { key: key === 'now' ? 'platform.ago.now' : `platform.${future ? 'in' : 'ago'}.${key}`, count: n }
}
