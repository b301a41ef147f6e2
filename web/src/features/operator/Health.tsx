import { useQuery } from '@tanstack/react-query'
import { Alert, Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'
import { api, data } from '@/platform/api'
import { Failure } from '@/platform/Errors'
import { count } from '@/platform/format'
import { Rows } from '@/platform/grid/Rows'
import { Facts, Page, Panel } from '@/platform/Page'
import { useMe } from '@/platform/session'
import type { System } from '@/platform/types'
import { StateTag, Tag } from '@/words/StateTag'

/** 系统健康: what this installation runs on, and what is missing or only for the demo. */
export default function Health() {
  const { t } = useTranslation()
  const me = useMe()
  const query = useQuery({ queryKey: ['system'], queryFn: () => data(me.tenant ? api.GET('/system') : api.GET('/operator/health')), refetchInterval: 5000 })
  return (
    <Page title={t('operator.health')} about={t('operator.healthAbout')}>
      {query.data ? <Body s={query.data} /> : query.isError ? <div className="panel"><Failure error={query.error} retry={() => query.refetch()} /></div> : <div className="panel pad"><Skeleton active paragraph={{ rows: 8 }} /></div>}
    </Page>
  )
}

function Body({ s }: { s: System }) {
  const { t } = useTranslation()
  const nodes = (s.nodes ?? []).map(n => ({ ...n, name: n.id }))
  const { recognizer, synthesizer } = s.speech
  return (
    <>
      {recognizer.state === 'missing' && <Alert type="warning" showIcon title={t('operator.noRecogniser')} description={recognizer.text || t('operator.noRecogniserHint')} />}
      {!s.broker.durable && <Alert type="warning" showIcon title={t('operator.notDurable')} description={t('operator.notDurableHint')} />}
      <Facts items={[
        { label: t('operator.version'), value: <>{s.version} {s.commit && <code>{s.commit.slice(0, 8)}</code>} {s.demo && <Tag tone="amber">{t('operator.demo')}</Tag>}</> },
        { label: t('operator.database'), value: s.database.kind }, { label: t('operator.broker'), value: t(`operator.brokers.${s.broker.kind}`) },
      ]} />
      <Panel title={t('operator.speech')}>
        <div className="stack" style={{ gap: 10 }}>
          <div className="row wrap"><span className="quiet" style={{ width: 96 }}>{t('operator.recogniser')}</span><StateTag state={recognizer.state} /><span>{recognizer.name}</span></div>
          <div className="row wrap"><span className="quiet" style={{ width: 96 }}>{t('operator.synthesizer')}</span><StateTag state={synthesizer.state} /><span>{synthesizer.name}</span></div>
        </div>
      </Panel>
      <Panel title={t('operator.nodes')} flush>
        <Rows label="operator.nodes" rows={nodes} nameOf={n => n.id} columns={[
          { key: 'id', title: 'operator.node', render: n => n.id, primary: true },
          { key: 'role', title: 'operator.role', render: n => n.role },
          { key: 'calls', title: 'operator.callsNow', render: n => (n.max_calls ? `${count(n.calls)} / ${count(n.max_calls)}` : count(n.calls)), align: 'right' },
          { key: 'lag', title: 'operator.lag', render: n => `${n.lag_p99_ms.toFixed(1)} ms`, align: 'right' },
        ]} />
      </Panel>
    </>
  )
}
