import { DownloadOutlined, LoadingOutlined, UnorderedListOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Badge, Button, Popover, Progress, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, data } from './api'
import css from './Tasks.module.css'
import { Scene } from './Empty'
import { Ago } from './Text'
import { useLive } from './live'
import type { Task } from './types'
import { useAction } from './useAction'

const busy = (task: Task) => task.state === 'queued' || task.state === 'running'

/** useTasks are the long works of this person, kept fresh by the stream. */
export function useTasks() {
  const queries = useQueryClient()
  const query = useQuery({
    queryKey: ['tasks'], queryFn: async () => (await data(api.GET('/tasks'))) ?? [],
    refetchInterval: q => (q.state.data?.some(busy) ? 5000 : false), // should the stream be lost
  })
  useLive('task', e => {
    const known = queries.getQueryData<Task[]>(['tasks'])?.some(task => task.id === e.id)
    if (!known || e.state === 'done' || e.state === 'failed') return void queries.invalidateQueries({ queryKey: ['tasks'] })
    queries.setQueryData<Task[]>(['tasks'], old => old?.map(task => (task.id === e.id ? { ...task, ...e } as Task : task)))
  })
  return query
}

/** Tasks is the button in the top bar: long work stays visible from everywhere until its result was seen. */
export function Tasks() {
  const { t } = useTranslation()
  const { data: tasks = [] } = useTasks()
  const queries = useQueryClient()
  const running = tasks.some(busy)
  const unseen = tasks.filter(task => !busy(task) && !task.seen)
  const see = async (open: boolean) => {
    if (open || !unseen.length) return
    await Promise.allSettled(unseen.map(task => api.POST('/tasks/{id}/seen', { params: { path: { id: task.id } } })))
    await queries.invalidateQueries({ queryKey: ['tasks'] })
  }
  return (
    <Popover trigger="click" placement="bottomRight" onOpenChange={see} content={<List tasks={tasks} />}>
      <Tooltip title={t('platform.tasks')}>
        <Badge count={unseen.length} size="small" offset={[-6, 6]}>
          <Button type="text" icon={running ? <LoadingOutlined /> : <UnorderedListOutlined />} aria-label={t('platform.tasks')} />
        </Badge>
      </Tooltip>
    </Popover>
  )
}

function List({ tasks }: { tasks: Task[] }) {
  const { t } = useTranslation()
  if (!tasks.length) return <div className={css.list}><Scene compact title={t('platform.noTasks')} text={t('platform.noTasksHint')} /></div>
  return <ul className={css.list}>{tasks.map(task => <Row key={task.id} task={task} />)}</ul>
}

// A result is a file of the server's, or a page of ours.
function Result({ url }: { url: string }) {
  const { t } = useTranslation()
  if (!url.startsWith('/api/')) return <Link to={url}>{t('platform.openPage')}</Link>
  return <Button size="small" icon={<DownloadOutlined />} href={url} download>{t('platform.download')}</Button>
}

function Row({ task }: { task: Task }) {
  const { t } = useTranslation()
  const act = useAction()
  const cancel = () => act({
    label: 'platform.stop', danger: true, touches: ['tasks'], confirm: () => ({ title: 'platform.stopTask', args: { name: task.title } }),
    run: () => api.POST('/tasks/{id}/cancel', { params: { path: { id: task.id } } }),
  }, task)
  return (
    <li className={css.task}>
      <div className="row"><b className="grow clip">{task.title}</b>{busy(task) ? <Button size="small" type="link" onClick={cancel}>{t('platform.stop')}</Button> : <span className="quiet"><Ago at={task.created_at} /></span>}</div>
      {busy(task) ? <Progress percent={task.total ? Math.floor((task.done / task.total) * 100) : 0} size="small" />
        : <div className="row"><span className="grow">{task.result?.text ?? t(`words.state.${task.state}`)}</span>
          {task.result?.url && <Result url={task.result.url} />}</div>}
    </li>
  )
}
