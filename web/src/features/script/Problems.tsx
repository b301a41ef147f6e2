import { useTranslation } from 'react-i18next'
import type { FieldProblem, ScriptProblem } from '@/platform/types'
import { Tag } from '@/words/StateTag'
import css from './Script.module.css'

/** fromFields reads the places of a refused upload as problems. */
export function fromFields(fields: readonly FieldProblem[]): ScriptProblem[] {
  return fields.map(f => ({ severity: 'error', place: f.path, key: f.key, args: f.args, message: f.message }))
}

/** Problems lists what is wrong by its place, errors first. */
export function Problems({ problems }: { problems: readonly ScriptProblem[] }) {
  const { t } = useTranslation()
  const sorted = [...problems].sort((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'))
  return (
    <table className={css.problems}>
      <thead><tr><th scope="col">{t('script.place')}</th><th scope="col">{t('script.problem')}</th></tr></thead>
      <tbody>
        {sorted.map((p, i) => (
          <tr key={i}>
            <td><code>{p.place || '–'}</code></td>
            <td><Tag tone={p.severity === 'error' ? 'red' : 'amber'}>{t(`script.severity.${p.severity}`)}</Tag> {p.message}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
