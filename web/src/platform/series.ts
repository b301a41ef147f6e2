/** Series is what a chart shows and its table lists: one value of each line for every name. */
export interface Series {
  over: string                          // what the names are: 日期, 时段
  names: string[]
  lines: { name: string; values: number[]; color?: string }[]
}

/** csv writes a series as comma-separated values, one row a name. A cell that a spreadsheet would take for a formula is quoted as text. */
export function csv(s: Series): string {
  const rows = [[s.over, ...s.lines.map(l => l.name)], ...s.names.map((n, i) => [n, ...s.lines.map(l => String(l.values[i] ?? ''))])]
  return rows.map(r => r.map(cell).join(',')).join('\r\n')
}

function cell(text: string): string {
  const safe = /^[=+@\t\r]|^-\D/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe
}
