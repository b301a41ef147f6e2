import { Background, Controls, Handle, MarkerType, Position, ReactFlow, type Edge, type Node, type NodeProps } from '@xyflow/react'
import '@xyflow/react/dist/style.css'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useTokens } from '@/platform/theme'
import type { Tokens } from '@/platform/tokens'
import type { FlowEdge, FlowNode } from '@/platform/types'
import { arrows, chosenBy, place, type Arrow } from './layout'
import css from './Script.module.css'

interface Props { nodes: FlowNode[]; edges: readonly FlowEdge[]; chosen: string | null; choose: (id: string | null) => void }

type Box = Node<{ node: FlowNode; on: boolean; dim: boolean }, 'box'>

/** FlowCanvas draws the flow. The main way is strong and labelled; the rest is pale until one of its nodes is chosen. */
export default function FlowCanvas({ nodes, edges, chosen, choose }: Props) {
  const { t } = useTranslation()
  const tokens = useTokens()
  const at = useMemo(() => place(nodes, edges), [nodes, edges])
  const ways = useMemo(() => arrows(nodes, edges), [nodes, edges])
  const near = new Set(ways.filter(w => w.from === chosen || w.to === chosen).flatMap(w => [w.from, w.to]))
  const boxes: Box[] = nodes.map(node => ({
    id: node.id, type: 'box', selected: node.id === chosen, position: at[node.id]!, data: { node, on: node.id === chosen, dim: !!chosen && node.id !== chosen && !near.has(node.id) }, ariaLabel: `${node.label}: ${node.say?.join(' ') ?? ''}`,
  }))
  const words = useMemo(() => ({
    'node.a11yDescription.default': t('script.canvas.node'), 'node.a11yDescription.keyboardDisabled': t('script.canvas.node'), 'controls.ariaLabel': t('script.zoom'),
    'controls.zoomIn.ariaLabel': t('script.canvas.in'), 'controls.zoomOut.ariaLabel': t('script.canvas.out'), 'controls.fitView.ariaLabel': t('script.canvas.fit'),
  }), [t])
  return (
    <ReactFlow nodes={boxes} edges={ways.map(w => line(w, chosen, tokens))} nodeTypes={types} fitView fitViewOptions={{ padding: 0.08, maxZoom: 1 }} minZoom={0.25} maxZoom={1.6} className={css.canvas}
      deleteKeyCode={null} nodesDraggable={false} nodesConnectable={false} edgesFocusable={false} proOptions={{ hideAttribution: true }} zoomOnScroll={false} panOnScroll preventScrolling={false}
      onNodeClick={(_, n) => choose(n.id)} onPaneClick={() => choose(null)} onNodesChange={changes => { const id = chosenBy(changes); if (id !== undefined) choose(id) }} ariaLabelConfig={words} aria-label={t('script.flow')}>
      <Background color={tokens.lineStrong} gap={24} size={1} />
      <Controls showInteractive={false} aria-label={t('script.zoom')} />
    </ReactFlow>
  )
}

function line(w: Arrow, chosen: string | null, c: Tokens): Edge {
  const lit = chosen ? w.from === chosen || w.to === chosen : w.main
  const colour = lit ? (w.main && !chosen ? c.accent : w.to === chosen ? c.callee : c.accent) : c.lineStrong
  return {
    id: w.id, source: w.from, target: w.to, sourceHandle: w.main ? 'right' : 'down', targetHandle: w.main ? 'left' : 'up', type: w.main ? 'smoothstep' : 'default',
    label: lit ? brief(w.labels) : undefined, style: { stroke: colour, strokeWidth: lit ? 1.8 : 1, opacity: lit ? 1 : chosen ? 0.35 : 0.8 }, zIndex: lit ? 2 : 0,
    markerEnd: { type: MarkerType.ArrowClosed, color: colour, width: 16, height: 16 }, labelStyle: { fill: c.text2, fontSize: 12 }, labelBgStyle: { fill: c.panel }, labelBgPadding: [6, 3], labelBgBorderRadius: 4,
  }
}

// Between two boxes there is room for a few words: the rest stands in the panel.
function brief(labels: string[]): string | undefined {
  const [first, ...more] = labels
  if (!first) return undefined
  const cut = [...first].length > 9 ? [...first].slice(0, 8).join('') + '…' : first
  return more.length ? `${cut} +${more.length}` : cut
}

const types = { box: BoxView }

function BoxView({ data: { node, on, dim } }: NodeProps<Box>) {
  const { t } = useTranslation()
  return (
    <div className={css.box} data-kind={node.last ? 'last' : node.kind} data-on={on} data-dim={dim}>
      <Handle type="target" id="left" position={Position.Left} isConnectable={false} />
      <Handle type="target" id="up" position={Position.Top} isConnectable={false} />
      <header>{!!node.step && <b>{node.step}</b>}<span>{node.label}</span>{node.last && <em>{t('script.lastStep')}</em>}</header>
      <p>{node.say?.[0] ?? t('script.noLines')}</p>
      <Handle type="source" id="right" position={Position.Right} isConnectable={false} />
      <Handle type="source" id="down" position={Position.Bottom} isConnectable={false} />
    </div>
  )
}
