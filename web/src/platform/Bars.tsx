import css from './Bars.module.css'
import { count, percent } from './format'

/** Bars compares a few named numbers: name, bar, number, share. A table to a screen reader. */
export function Bars({ rows, color = 'var(--accent)' }: { rows: { label: string; n: number; color?: string }[]; color?: string }) {
  const total = rows.reduce((sum, r) => sum + r.n, 0)
  const most = Math.max(1, ...rows.map(r => r.n))
  return (
    <table className={css.bars}>
      <tbody>
        {rows.map(r => (
          <tr key={r.label}>
            <th scope="row">{r.label}</th>
            <td aria-hidden="true"><i style={{ width: `${(r.n / most) * 100}%`, background: r.color ?? color }} /></td>
            <td>{count(r.n)}</td>
            <td>{total ? percent(r.n / total) : '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
