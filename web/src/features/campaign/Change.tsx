import { useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '@/platform/api'
import type { Field } from '@/platform/form/field'
import { FormDrawer } from '@/platform/form/FormDrawer'
import type { Campaign } from '@/platform/types'
import { usePublished } from '../script/usePublished'

interface Values { name: string; script: string }

/** Change renames a campaign; its script only while it has not started or is paused (FEATURES A3.2). */
export default function Change({ campaign: c, close }: { campaign: Campaign; close: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const queries = useQueryClient()
  const free = c.state === 'not_started' || c.state === 'paused'
  const scripts = usePublished(free)
  const fields: Field<Values>[] = [
    { name: 'name', label: 'campaign.name', kind: 'text', required: true, max: 60 },
    {
      name: 'script', label: 'campaign.script', kind: 'choice', required: true, help: 'campaign.scriptHelp', show: () => free,
      options: (scripts.data?.items ?? [{ id: c.script.id, name: c.script.name }]).map(s => ({ value: s.id, label: s.name })),
    },
  ]
  async function save(v: Values) {
    const script = free && v.script !== c.script.id ? { script_id: v.script } : {}
    await api.PATCH('/campaigns/{id}', { params: { path: { id: c.id } }, body: { name: v.name, ...script } })
    message.success(t('campaign.changed'))
    await queries.invalidateQueries({ queryKey: ['campaigns'] })
  }
  return <FormDrawer<Values> open title={t('campaign.changeTitle')} verb="platform.save" fields={fields} first={{ name: c.name, script: c.script.id }} save={save} close={close} size={440} />
}
