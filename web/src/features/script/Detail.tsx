import { UploadOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Progress } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { Buttons } from '@/platform/Actions'
import { api, data } from '@/platform/api'
import { count } from '@/platform/format'
import { Loaded } from '@/platform/Loaded'
import { Facts, Page, Panel } from '@/platform/Page'
import { useCan } from '@/platform/session'
import { Tabs, type Tab } from '@/platform/Tabs'
import { Time, When } from '@/platform/Text'
import type { ScriptDetail } from '@/platform/types'
import { StateTag } from '@/words/StateTag'
import { actionsOf, publishing } from './actions'
import { Answers, Classes } from './Classes'
import { Version } from './columns'
import { Flow } from './Flow'
import { Problems } from './Problems'
import css from './Script.module.css'
import { usePublishing } from './usePublishing'

const Uploader = lazy(() => import('./Uploader'))

/** One script: its flow, answers, keyword classes, versions and problems. Read-only; it is changed by uploading. */
export default function Detail() {
  const { t } = useTranslation()
  const { id = '' } = useParams()
  const query = useQuery({ queryKey: ['scripts', id], queryFn: () => data(api.GET('/scripts/{id}', { params: { path: { id } } })) })
  usePublishing(id)
  const crumbs = [{ label: t('script.title'), to: '/scripts' }]
  return <Loaded query={query} name={t('script.one')} crumbs={crumbs}>{s => <Body key={id} script={s} crumbs={crumbs} />}</Loaded>
}

function Body({ script: s, crumbs }: { script: ScriptDetail; crumbs: { label: string; to: string }[] }) {
  const { t } = useTranslation()
  const can = useCan()
  const go = useNavigate()
  const actions = actionsOf(() => go('/scripts'))
  const [replacing, setReplacing] = useState(false)
  const answers = s.graph.nodes.filter(n => n.kind === 'answer')
  const tabs: Tab[] = [
    { key: 'flow', label: t('script.flow'), body: <Flow graph={s.graph} /> },
    { key: 'answers', label: t('script.answers'), badge: answers.length, body: <Answers answers={answers} edges={s.graph.edges} nodes={s.graph.nodes} /> },
    { key: 'classes', label: t('script.classes'), badge: s.classes.length, body: <Classes classes={s.classes} /> },
    { key: 'versions', label: t('script.versions'), badge: s.versions.length, body: <Versions script={s} /> },
    ...(s.problems?.length ? [{ key: 'problems', label: t('script.problems'), badge: s.problems.length, body: <Panel flush><Problems problems={s.problems} /></Panel> }] : []),
  ]
  return (
    <Page title={s.name} crumbs={crumbs} about={s.description} state={<StateTag state={publishing(s) ? 'publishing' : s.state} />} primary={<>
      {can('script:write') && <Button icon={<UploadOutlined />} onClick={() => setReplacing(true)}>{t('script.newVersion')}</Button>}
      <Buttons actions={actions} row={s} name={s.name} shown={1} />
    </>}>
      <Facts items={[
        { label: t('script.version'), value: <Version script={s} /> }, { label: t('script.nodes'), value: count(s.nodes) }, { label: t('script.keywords'), value: count(s.keywords) },
        { label: t('script.usedBy'), value: count(s.used_by) }, { label: t('script.prompts'), value: <Prompts prompts={s.prompts} /> },
        { label: t('script.updated'), value: <>{s.updated_by && `${s.updated_by} · `}<When at={s.updated_at} /></> },
      ]} />
      <Tabs items={tabs} label={s.name} />
      <Suspense>{replacing && <Uploader replace={s} close={() => setReplacing(false)} />}</Suspense>
    </Page>
  )
}

function Prompts({ prompts }: { prompts: ScriptDetail['prompts'] }) {
  const { t } = useTranslation()
  if (!prompts?.total) return '–'
  if (prompts.ready >= prompts.total) return t('script.promptsReady', { count: prompts.total })
  return <span className={css.prompts}><Progress size="small" percent={Math.floor((prompts.ready / prompts.total) * 100)} showInfo={false} />{prompts.ready} / {prompts.total}</span>
}

function Versions({ script: s }: { script: ScriptDetail }) {
  const { t } = useTranslation()
  return (
    <Panel flush>
      <table className={css.problems}>
        <thead><tr><th scope="col">{t('script.version')}</th><th scope="col">{t('script.state')}</th><th scope="col">{t('script.publishedAt')}</th><th scope="col">{t('script.by')}</th></tr></thead>
        <tbody>{s.versions.map(v => (
          <tr key={v.version}><td>v{v.version}</td><td>{v.version !== s.published_version && v.published_at ? <span className="quiet">{t('script.replaced')}</span> : <StateTag state={v.state} />}</td><td><Time at={v.published_at} /></td><td>{v.by || '–'}</td></tr>
        ))}</tbody>
      </table>
    </Panel>
  )
}
