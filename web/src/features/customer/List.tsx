import { useTranslation } from 'react-i18next'
import { Page } from '@/platform/Page'
import { CustomerGrid } from './CustomerGrid'

/** 客户中心: everybody who was dialled (FEATURES A6.1). */
export default function List() {
  const { t } = useTranslation()
  return <Page title={t('customer.title')} about={t('customer.about')}><CustomerGrid /></Page>
}
