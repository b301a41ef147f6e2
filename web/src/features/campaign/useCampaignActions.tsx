import { CaretRightOutlined, CopyOutlined, DeleteOutlined, EditOutlined, PauseOutlined, StopOutlined } from '@ant-design/icons'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import type { Action } from '@/platform/action'
import { api } from '@/platform/api'
import type { Campaign } from '@/platform/types'

const Copy = lazy(() => import('./Copy'))
const Change = lazy(() => import('./Change'))

const path = (c: Campaign) => ({ params: { path: { id: c.id } } })
const named = (title: string, body: string, type?: string) => (c: Campaign) => ({ title, body, args: { name: c.name, count: c.counts.active }, type })
const touches = ['campaigns', 'seats', 'summary']

/** still are the campaigns that can be ended. */
const still = (c: Campaign) => c.state === 'running' || c.state === 'paused' || c.state === 'not_started'

const moves: Action<Campaign>[] = [
  {
    name: 'start', label: 'campaign.start', right: 'campaign:run', icon: <CaretRightOutlined />, primary: true, touches, done: 'campaign.started', can: c => c.state === 'not_started',
    confirm: c => ({ title: 'campaign.startTitle', body: 'campaign.startText', args: { name: c.name, count: c.counts.total } }), run: c => api.POST('/campaigns/{id}/start', path(c)),
  },
  {
    name: 'pause', label: 'campaign.pause', right: 'campaign:run', icon: <PauseOutlined />, touches, done: 'campaign.pausedNow', can: c => c.state === 'running',
    confirm: named('campaign.pauseTitle', 'campaign.pauseText'), run: c => api.POST('/campaigns/{id}/pause', path(c)),
  },
  { name: 'resume', label: 'campaign.resume', right: 'campaign:run', icon: <CaretRightOutlined />, primary: true, touches, done: 'campaign.started', can: c => c.state === 'paused', run: c => api.POST('/campaigns/{id}/resume', path(c)) },
]

const ends: Action<Campaign>[] = [
  {
    name: 'terminate', label: 'campaign.terminate', right: 'campaign:run', icon: <StopOutlined />, danger: true, touches, done: 'campaign.terminatedNow', can: still,
    confirm: c => named('campaign.terminateTitle', 'campaign.terminateText', c.name)(c), run: c => api.POST('/campaigns/{id}/terminate', path(c)),
  },
]

/** useCampaignActions are what can be done to a campaign (FEATURES A3.1, A3.2), and the drawers that some of it needs. gone is called after a deletion. */
export function useCampaignActions(gone?: () => unknown): { actions: Action<Campaign>[]; drawers: ReactNode } {
  const [copying, setCopying] = useState<Campaign | null>(null)
  const [changing, setChanging] = useState<Campaign | null>(null)
  const actions: Action<Campaign>[] = [
    ...moves,
    { name: 'change', label: 'campaign.change', right: 'campaign:write', icon: <EditOutlined />, run: setChanging },
    { name: 'copy', label: 'campaign.copy', right: 'campaign:write', icon: <CopyOutlined />, run: setCopying },
    ...ends,
    {
      name: 'delete', label: 'platform.delete', right: 'campaign:write', icon: <DeleteOutlined />, danger: true, touches, done: 'campaign.deleted', can: c => c.state === 'not_started',
      confirm: c => ({ title: 'campaign.deleteTitle', body: 'campaign.deleteText', args: { name: c.name, count: c.counts.total }, type: c.name }),
      run: async c => { await api.DELETE('/campaigns/{id}', path(c)); await gone?.() },
    },
  ]
  const drawers = (
    <Suspense>
      {copying && <Copy campaign={copying} close={() => setCopying(null)} />}
      {changing && <Change campaign={changing} close={() => setChanging(null)} />}
    </Suspense>
  )
  return { actions, drawers }
}
