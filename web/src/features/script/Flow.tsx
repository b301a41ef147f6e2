import { CloseOutlined } from '@ant-design/icons'
import { Button, Segmented, Skeleton } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Scene } from '@/platform/Empty'
import type { FlowEdge, FlowNode, ScriptDetail } from '@/platform/types'
import { Tag } from '@/words/StateTag'
import { drawn } from './layout'
import css from './Script.module.css'

const Canvas = lazy(() => import('./FlowCanvas'))

/** Flow shows the talk as a picture or as a list; a node opens beside it. */
export function Flow({ graph }: { graph: ScriptDetail['graph'] }) {
  const { t } = useTranslation()
  const [view, setView] = useState<'picture' | 'list'>('picture')
  const [chosen, choose] = useState<string | null>(null)
  const nodes = drawn(graph.nodes)
  const node = graph.nodes.find(n => n.id === chosen)
  if (!nodes.length) return <div className="panel"><Scene title={t('script.noNodes')} text={t('script.noNodesHint')} /></div>
  return (
    <div className="stack">
      <div className="row wrap">
        <Segmented value={view} onChange={v => setView(v as 'picture' | 'list')} options={[{ value: 'picture', label: t('script.picture') }, { value: 'list', label: t('script.list') }]} />
        <span className="quiet">{t('script.pictureHint')}</span>
      </div>
      {view === 'list' ? <NodeList nodes={nodes} edges={graph.edges} /> : (
        <div className={`panel ${css.flow}`} data-open={!!node}>
          <Suspense fallback={<div className="pad"><Skeleton active paragraph={{ rows: 10 }} /></div>}><Canvas nodes={nodes} edges={graph.edges} chosen={chosen} choose={choose} /></Suspense>
          {node && <aside className={css.side} aria-label={node.label}><Card node={node} graph={graph} close={() => choose(null)} choose={choose} /></aside>}
        </div>
      )}
    </div>
  )
}

function Card({ node, graph, close, choose }: { node: FlowNode; graph: ScriptDetail['graph']; close: () => void; choose: (id: string) => void }) {
  const { t } = useTranslation()
  const out = graph.edges.filter(e => e.from === node.id)
  const into = graph.edges.filter(e => e.to === node.id)
  return (
    <>
      <div className="row"><h3 className="grow">{node.label}</h3><Button type="text" size="small" icon={<CloseOutlined />} aria-label={t('platform.close')} onClick={close} /></div>
      <Kind node={node} />
      <h4>{t('script.says')}</h4>
      {node.say?.length ? node.say.map(l => <p key={l} className={css.line}>{l}</p>) : <p className="quiet">{t('script.noLines')}</p>}
      {out.length > 0 && <><h4>{t('script.then')}</h4><Ways edges={out} end="to" graph={graph} choose={choose} /></>}
      {into.length > 0 && <><h4>{t('script.from')}</h4><Ways edges={into} end="from" graph={graph} choose={choose} /></>}
    </>
  )
}

function Ways({ edges, end, graph, choose }: { edges: FlowEdge[]; end: 'to' | 'from'; graph: ScriptDetail['graph']; choose: (id: string) => void }) {
  const { t } = useTranslation()
  return (
    <ul className={css.ways}>
      {edges.map((e, i) => {
        const other = graph.nodes.find(n => n.id === e[end])
        const name = other?.kind === 'answer' ? t('script.anytime', { label: other.label }) : other?.label ?? e[end]
        return <li key={i}><span>{e.label || t(`script.on.${e.on}`, { defaultValue: e.on })}</span>{other && other.kind !== 'answer' ? <button type="button" onClick={() => choose(other.id)}>{name}</button> : <em>{name}</em>}</li>
      })}
    </ul>
  )
}

function Kind({ node }: { node: FlowNode }) {
  const { t } = useTranslation()
  return (
    <span className="row wrap">
      {!!node.step && <Tag tone="blue">{t('script.step', { n: node.step })}</Tag>}
      {node.last && <Tag tone="green">{t('script.lastStep')}</Tag>}
      {node.kind === 'end' && <Tag>{t('script.ends')}</Tag>}
      {node.kind === 'transfer' && <Tag tone="amber">{t('script.transfers')}</Tag>}
    </span>
  )
}

function NodeList({ nodes, edges }: { nodes: FlowNode[]; edges: FlowEdge[] }) {
  const { t } = useTranslation()
  const label = new Map(nodes.map(n => [n.id, n.label]))
  return (
    <div className="panel" style={{ overflow: 'auto' }}>
      <table className={css.problems}>
        <thead><tr><th scope="col">{t('script.node')}</th><th scope="col">{t('script.says')}</th><th scope="col">{t('script.then')}</th></tr></thead>
        <tbody>{nodes.map(n => (
          <tr key={n.id}><th scope="row"><div className="stack" style={{ gap: 4 }}>{n.label}<Kind node={n} /></div></th>
            <td>{n.say?.map(l => <p key={l}>{l}</p>)}</td>
            <td>{edges.filter(e => e.from === n.id).map((e, i) => <p key={i}><span className="quiet">{e.label || t(`script.on.${e.on}`, { defaultValue: e.on })}</span> → {label.get(e.to) ?? e.to}</p>)}</td></tr>
        ))}</tbody>
      </table>
    </div>
  )
}
