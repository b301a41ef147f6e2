import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api, data } from '@/platform/api'
import type { Field } from '@/platform/form/field'
import { FormDrawer } from '@/platform/form/FormDrawer'
import type { Campaign } from '@/platform/types'

interface Named { name: string }
const fields: Field<Named>[] = [{ name: 'name', label: 'campaign.name', kind: 'text', required: true, max: 60, help: 'campaign.copyHelp' }]

/** Copy makes a new campaign of the same leads and rules, and opens it. */
export default function Copy({ campaign, close }: { campaign: Campaign; close: () => void }) {
  const { t } = useTranslation()
  const go = useNavigate()
  const queries = useQueryClient()
  async function save(body: Named) {
    const made = await data(api.POST('/campaigns/{id}/copy', { params: { path: { id: campaign.id } }, body }))
    await queries.invalidateQueries({ queryKey: ['campaigns'] })
    setTimeout(() => void go(`/campaigns/${made.id}`)) // after the drawer knows that nothing is unsaved
  }
  return <FormDrawer<Named> open title={t('campaign.copyTitle', { name: campaign.name })} verb="campaign.copy" fields={fields} first={{ name: t('campaign.copyOf', { name: campaign.name }).slice(0, 60) }} save={save} close={close} size={440} />
}
