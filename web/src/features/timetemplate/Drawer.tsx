import { useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useTranslation } from 'react-i18next'
import { api, data } from '@/platform/api'
import { FormDrawer } from '@/platform/form/FormDrawer'
import type { TimeTemplate, TimeTemplateInput } from '@/platform/types'
import { fields } from './form'
import { fresh, input } from './hours'

interface Props { open: boolean; edit?: TimeTemplate; close: () => void; saved?: (t: TimeTemplate) => void }

/** Drawer creates a time template, or edits the one given. Other rooms use it for inline creation. */
export default function Drawer({ open, edit, close, saved }: Props) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { message } = App.useApp()
  async function save(body: TimeTemplateInput) {
    const made = edit ? await data(api.PUT('/time-templates/{id}', { params: { path: { id: edit.id } }, body })) : await data(api.POST('/time-templates', { body }))
    message.success(t('timetemplate.saved', { name: body.name }))
    await queries.invalidateQueries({ queryKey: ['time-templates'] })
    saved?.(made)
  }
  return <FormDrawer<TimeTemplateInput> open={open} title={edit ? edit.name : t('timetemplate.create')} verb="platform.save" fields={fields} first={edit ? input(edit) : fresh} save={save} close={close} />
}
