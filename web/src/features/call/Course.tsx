import { useTranslation } from 'react-i18next'
import { duration } from '@/platform/format'
import { Panel } from '@/platform/Page'
import { Ago, Phone } from '@/platform/Text'
import type { CallDetail } from '@/platform/types'
import { StateTag, Tag } from '@/words/StateTag'
import css from './Call.module.css'

/** Path is the way through the script: each step with its time, a click hears it. */
export function Path({ steps, seek }: { steps: CallDetail['path']; seek: (ms: number) => void }) {
  const { t } = useTranslation()
  if (!steps.length) return null
  return (
    <Panel title={t('call.path')}>
      <ol className={css.path} data-part="path">
        {steps.map((s, i) => <li key={i}><button type="button" onClick={() => seek(s.at_ms)}><span>{s.label || s.node}</span><span className="num">{duration(s.at_ms)}</span></button></li>)}
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
        {promises.map((p, i) => (
          <li key={i}>
            <div className="row"><Tag tone={p.kind === 'wechat' ? 'green' : 'blue'}>{t(`call.promise.${p.kind}`)}</Tag>{/\d/.test(p.to) ? <Phone number={p.to} /> : <span>{p.to}</span>}<span className="grow" /><PromiseState state={p.state} /></div>
            <p>{p.text}</p>
            <small className="quiet"><Ago at={p.at} /></small>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
