import { Alert } from 'antd'
import { Reference, useProblemWords } from '../Errors'
import { asProblem } from '../problem'
import { byField } from './field'

/** Summary says on top of a form what the server would not take. */
export function Summary({ error, names }: { error: unknown; names: readonly string[] }) {
  const problem = asProblem(error)
  const { title, hint } = useProblemWords()(problem)
  const { rest } = byField(problem.fields, names)
  return <Alert type="error" showIcon style={{ marginBottom: 16 }} role="alert" title={title}
    description={(hint || rest.length > 0 || problem.ref) && <>{hint}{rest.map(r => <div key={r}>{r}</div>)}<Reference value={problem.ref} /></>} />
}
