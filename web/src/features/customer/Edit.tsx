import { useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '@/platform/api'
import { FormDrawer } from '@/platform/form/FormDrawer'
import type { Customer } from '@/platform/types'
import { nameOf } from './columns'
import { basics, change, fieldsOf, type Basics } from './form'

/** Edit changes a customer's basics. */
export default function Edit({ customer, close }: { customer: Customer; close: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const queries = useQueryClient()
  async function save(v: Basics) {
    await api.PATCH('/customers/{id}', { params: { path: { id: customer.id } }, body: change(customer, v) })
    message.success(t('customer.saved'))
    await queries.invalidateQueries({ queryKey: ['customers'] })
  }
  return <FormDrawer<Basics> open title={nameOf(customer)} verb="platform.save" fields={fieldsOf(customer)} first={basics(customer)} save={save} close={close} size={440} />
}
