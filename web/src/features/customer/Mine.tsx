import { useTranslation } from 'react-i18next'
import { Page } from '@/platform/Page'
import { CustomerGrid } from './CustomerGrid'

/** 我的客户: a rep's own customers (FEATURES A6.2). */
export default function Mine() {
  const { t } = useTranslation()
  return <Page title={t('customer.mine')} about={t('customer.aboutMine')}><CustomerGrid mine /></Page>
}
