import { Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Panel } from '@/platform/Page'
import type { FlowEdge, FlowNode, KeywordClass } from '@/platform/types'
import { KindTag } from '@/words/KindTag'
import { Tag } from '@/words/StateTag'
import css from './Script.module.css'

/** Classes are the keyword classes: what the robot listens for, and which of them count for grade A (FEATURES A4.1). */
export function Classes({ classes }: { classes: readonly KeywordClass[] }) {
  const { t } = useTranslation()
  const [q, setQ] = useState('')
  const shown = classes.map(c => ({ ...c, keywords: c.keywords.filter(k => k.includes(q)) })).filter(c => !q || c.keywords.length || c.label.includes(q))
  return (
    <div className="stack">
      <Input.Search allowClear placeholder={t('script.findKeyword')} aria-label={t('script.findKeyword')} style={{ maxWidth: 280 }} onChange={e => setQ(e.target.value.trim())} />
      <div className={css.cards}>
        {shown.map(c => (
          <Panel key={c.id} title={<span className="row">{c.label}<KindTag kind={c.kind}>{t(`script.kind.${c.kind}`, { defaultValue: c.kind })}</KindTag></span>}
            extra={c.counts_for_a ? <Tag tone="green">{t('script.countsForA')}</Tag> : <span className="quiet num">{c.keywords.length}</span>}>
            <ul className={css.words}>{c.keywords.map(k => <li key={k}>{k}</li>)}</ul>
          </Panel>
        ))}
      </div>
    </div>
  )
}

/** Answers are what the robot can answer at any moment before it goes on where it was. */
export function Answers({ answers, edges, nodes }: { answers: readonly FlowNode[]; edges: readonly FlowEdge[]; nodes: readonly FlowNode[] }) {
  const { t } = useTranslation()
  const label = new Map(nodes.map(n => [n.id, n.label]))
  return (
    <div className="stack">
      <p className="quiet">{t('script.answersHint')}</p>
      <div className={css.cards}>
        {answers.map(a => {
          const next = edges.find(e => e.from === a.id)
          return (
            <Panel key={a.id} title={a.label} extra={next && <span className="quiet">{t('script.thenTo', { node: label.get(next.to) ?? next.to })}</span>}>
              {a.say?.length ? a.say.map(l => <p key={l} className={css.line}>{l}</p>) : <p className="quiet">{t('script.noLines')}</p>}
            </Panel>
          )
        })}
      </div>
    </div>
  )
}
