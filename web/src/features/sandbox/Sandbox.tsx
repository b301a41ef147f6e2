import { SafetyOutlined } from '@ant-design/icons'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, data } from '@/platform/api'
import { useCalm } from '@/platform/calm'
import { Scene } from '@/platform/Empty'
import { Failure } from '@/platform/Errors'
import { phone } from '@/platform/format'
import { useLive } from '@/platform/live'
import { Page, Panel } from '@/platform/Page'
import { useCan } from '@/platform/session'
import { Ago } from '@/platform/Text'
import type { PageOf, SandboxSms, SandboxWechat } from '@/platform/types'
import { StateTag } from '@/words/StateTag'
import css from './Sandbox.module.css'

/** 沙箱: what customers' and reps' phones would show. Nothing of it leaves this machine. */
export default function Sandbox() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  useLive('sandbox', useCalm(() => void queries.invalidateQueries({ queryKey: ['sandbox'] })))
  return (
    <Page title={t('sandbox.title')} about={t('sandbox.about')}>
      <p className={css.safe}><SafetyOutlined />{t('sandbox.safe')}</p>
      <div className={css.columns}>
        <Phones title={t('sandbox.sms')} hint={t('sandbox.smsHint')}><Sms /></Phones>
        <Phones title={t('sandbox.wechat')} hint={t('sandbox.wechatHint')}><Wechat /></Phones>
      </div>
    </Page>
  )
}

function Phones({ title, hint, children }: { title: string; hint: string; children: ReactNode }) {
  return <Panel title={title} extra={<span className="quiet">{hint}</span>}>{children}</Panel>
}

function useMessages<T>(kind: string, load: (cursor?: string) => Promise<PageOf<T>>) {
  return useInfiniteQuery({ queryKey: ['sandbox', kind], queryFn: ({ pageParam }) => load(pageParam || undefined), initialPageParam: '', getNextPageParam: last => last.next || undefined })
}

interface ListProps<T> { query: ReturnType<typeof useMessages<T>>; empty: string; each: (message: T) => ReactNode }

function Messages<T>({ query, empty, each }: ListProps<T>) {
  const { t } = useTranslation()
  if (!query.data) return query.isError ? <Failure error={query.error} retry={() => query.refetch()} /> : <Skeleton active paragraph={{ rows: 8 }} />
  const all = query.data.pages.flatMap(p => p.items)
  if (!all.length) return <Scene title={t(`sandbox.${empty}.title`)} text={t(`sandbox.${empty}.text`)} action={<Link to="/campaigns/new"><Button>{t('sandbox.toCampaign')}</Button></Link>} />
  return (
    <>
      <ol className={css.messages}>{all.map(each)}</ol>
      {query.hasNextPage && <div className={css.more}><Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('sandbox.earlier')}</Button></div>}
    </>
  )
}

// An operator may look at the sandbox but not at a tenant's calls.
function CallLink({ call }: { call: string | null }) {
  const { t } = useTranslation()
  const can = useCan()
  return call && call !== '0' && can('call:read') ? <Link to={`/calls/${call}`}>{t('sandbox.call')}</Link> : null
}

function Sms() {
  const query = useMessages<SandboxSms>('sms', cursor => data(api.GET('/sandbox/sms', { params: { query: { cursor, limit: 30 } } })))
  return <Messages query={query} empty="noSms" each={m => <Bubble key={m.id} sms={m} />} />
}

function Bubble({ sms }: { sms: SandboxSms }) {
  const { t } = useTranslation()
  return (
    <li className={css.sms} data-kind="sms">
      <div className={css.line}><b className="num">{phone(sms.to)}</b><span className="quiet"><Ago at={sms.at} /></span></div>
      <p>{sms.sign && <span className={css.sign}>【{sms.sign}】</span>}{sms.text}</p>
      <div className={css.line}><StateTag state={sms.state === 'accepted' ? 'sent' : sms.state} /><span className="quiet num">{t('sandbox.segments', { count: sms.segments })}</span><span className="grow" /><CallLink call={sms.call_id} /></div>
    </li>
  )
}

function Wechat() {
  const query = useMessages<SandboxWechat>('wechat', cursor => data(api.GET('/sandbox/wechat', { params: { query: { cursor, limit: 30 } } })))
  return <Messages query={query} empty="noWechat" each={m => <TemplateCard key={m.id} message={m} />} />
}

// The fields of the message by their places in the template: who, grade, why, how long.
const places = ['keyword1', 'keyword2', 'keyword3', 'keyword4'] as const

function TemplateCard({ message: m }: { message: SandboxWechat }) {
  const { t } = useTranslation()
  return (
    <li className={css.card} data-kind="wechat">
      <div className={css.line}><b>{t('sandbox.toRep', { name: m.rep?.name || m.openid })}</b><span className="quiet"><Ago at={m.at} /></span></div>
      <div className={css.template}>
        <h3>{m.data.first}</h3>
        <dl>{places.filter(k => m.data[k]).map(k => <div key={k}><dt>{t(`sandbox.field.${k}`)}</dt><dd>{m.data[k]}</dd></div>)}</dl>
        {m.data.remark && <p>{m.data.remark}</p>}
        <footer><CallLink call={m.call_id} /></footer>
      </div>
    </li>
  )
}
