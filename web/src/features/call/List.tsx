import { useTranslation } from 'react-i18next'
import { Page } from '@/platform/Page'
import { CallGrid } from './CallGrid'

/** 呼叫记录: every call of every campaign (FEATURES A3.8). */
export default function List() {
  const { t } = useTranslation()
  return <Page title={t('call.title')} about={t('call.about')}><CallGrid /></Page>
}
