import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '@/platform/api'
import type { Field } from '@/platform/form/field'
import { FormDrawer } from '@/platform/form/FormDrawer'

interface Entry { number: string; note: string }

const fields: Field<Entry>[] = [
  { name: 'number', label: 'dnc.number', kind: 'text', required: true, max: 20, help: 'dnc.numberHelp' },
  { name: 'note', label: 'dnc.note', kind: 'textarea', max: 200 },
]

/** Drawer adds one number; the server judges whether it is one. */
export default function Drawer({ open, close }: { open: boolean; close: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const save = async (e: Entry) => {
    await api.POST('/dnc', { body: { number: e.number.replace(/[\s-]/g, ''), note: e.note ?? '' } })
    await queries.invalidateQueries({ queryKey: ['dnc'] })
  }
  return <FormDrawer<Entry> open={open} title={t('dnc.add')} verb="dnc.add" fields={fields} first={{ number: '', note: '' }} save={save} close={close} />
}
