import { useTranslation } from 'react-i18next'
import { Buttons } from '@/platform/Actions'
import { duration } from '@/platform/format'
import { Panel } from '@/platform/Page'
import { Ago, Phone } from '@/platform/Text'
import type { CallDetail } from '@/platform/types'
import { StateTag, Tag } from '@/words/StateTag'
import css from './Call.module.css'
import { promiseActions } from './promises'

/** Path is the way through the script: each step with its time; a click hears it where there is a recording. */
export function Path({ steps, seek }: { steps: CallDetail['path']; seek?: (ms: number) => void }) {
  const { t } = useTranslation()
  if (!steps.length) return null
  return (
    <Panel title={t('call.path')}>
      <ol className={css.path} data-part="path">
        {steps.map((s, i) => {
          const words = <><span>{s.label || s.node}</span><span className="num">{duration(s.at_ms)}</span></>
          return <li key={i}>{seek ? <button type="button" onClick={() => seek(s.at_ms)}>{words}</button> : <p>{words}</p>}</li>
        })}
      </ol>
    </Panel>
  )
}

/** Timeline is what happened on the line, from the first ring. */
export function Timeline({ marks }: { marks: CallDetail['timeline'] }) {
  const { t } = useTranslation()
  return (
    <Panel title={t('call.timeline')}>
      <ol className={css.marks}>{marks.map((m, i) => <li key={i} data-kind={m.kind}><span className="num">{duration(m.at_ms)}</span><span>{m.text}</span></li>)}</ol>
    </Panel>
  )
}

// The states of a promise that the shared words do not have.
function PromiseState({ state }: { state: string }) {
  const { t } = useTranslation()
  return state === 'no_credit' ? <Tag tone="red">{t('call.noCredit')}</Tag> : <StateTag state={state} />
}

/** Promises are the messages that this call caused, and what became of each. */
export function Promises({ promises }: { promises: CallDetail['promises'] }) {
  const { t } = useTranslation()
  if (!promises.length) return null
  return (
    <Panel title={t('call.promises')}>
      <ul className={css.promises}>
        {promises.map(p => (
          <li key={p.id}>
            <div className="row"><Tag tone={p.kind === 'wechat' ? 'green' : 'blue'}>{t(`call.promise.${p.kind}`)}</Tag>{/\d/.test(p.to) ? <Phone number={p.to} /> : <span>{p.to}</span>}<span className="grow" /><PromiseState state={p.state} /></div>
            <p>{p.text}</p>
            {p.error && <p className={css.broken}>{p.error}</p>}
            <div className="row"><small className="quiet grow"><Ago at={p.at} /></small><Buttons size="small" actions={promiseActions} row={p} name={p.to} /></div>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
