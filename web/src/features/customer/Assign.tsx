import { useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useTranslation } from 'react-i18next'
import { Failure } from '@/platform/Errors'
import type { Field } from '@/platform/form/field'
import { FormDrawer } from '@/platform/form/FormDrawer'
import { useCan, useMe } from '@/platform/session'
import type { User } from '@/platform/types'
import { useReps } from './useReps'

export type View = 'masked' | 'full'
export interface Given { assigned: number; refused: { name: string; text: string }[] }
interface Props { count: number; give: (rep: string, view: View) => Promise<Given>; touches: readonly string[]; done: () => void; close: () => void }
interface Choice { rep: string; view: View }

function useFields(reps: readonly User[]): Field<Choice>[] {
  const { t } = useTranslation()
  const can = useCan()
  const masked = (useMe().tenant?.human_seats ?? 0) > 0 // a masked rep dials through a human seat (FEATURES A3.6)
  const views: View[] = [...(can('phone:reveal') ? ['full' as const] : []), ...(masked ? ['masked' as const] : [])]
  return [
    {
      name: 'rep', label: 'customer.rep', kind: 'choice', required: true, placeholder: 'customer.repPlaceholder',
      options: reps.filter(r => r.enabled).map(r => ({ value: r.id, label: t('customer.repOption', { name: r.name, count: r.customers }) })),
    },
    { name: 'view', label: 'customer.view', kind: 'choice', required: true, help: 'customer.viewHelp', options: views.map(value => ({ value, label: t(`customer.views.${value}`) })) },
  ]
}

/** Assign gives customers to a sales rep; whoever could not be given is named with the reason. */
export default function Assign({ count, give, touches, done, close }: Props) {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const queries = useQueryClient()
  const can = useCan()
  const reps = useReps()
  const fields = useFields(reps.data?.items ?? [])
  const before = reps.isError && !reps.data && <Failure compact error={reps.error} retry={() => void reps.refetch()} />
  async function save({ rep, view }: Choice) {
    const given = await give(rep, view)
    await Promise.all(touches.map(name => queries.invalidateQueries({ queryKey: [name] })))
    if (!given.refused.length) message.success(t('customer.given', { count: given.assigned }))
    else modal.warning({
      title: t('customer.givenPartly', { assigned: given.assigned, refused: given.refused.length }), okText: t('platform.close'), icon: null, centered: true,
      content: <ul className="stack" style={{ gap: 6 }}>{given.refused.map((r, i) => <li key={i}><b>{r.name}</b> {r.text}</li>)}</ul>,
    })
    done()
  }
  return <FormDrawer<Choice> open title={t('customer.assignTitle', { count })} verb="customer.assign" fields={fields} first={{ view: can('phone:reveal') ? 'full' : 'masked' }} save={save} close={close} size={440} before={before} />
}
