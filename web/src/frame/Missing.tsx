import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Scene } from '@/platform/Empty'

/** Missing is the page of an address that leads nowhere. */
export function Missing() {
  const { t } = useTranslation()
  return <Scene mood="search" title={t('frame.missing')} text={t('frame.missingHint')} action={<Link to="/"><Button type="primary">{t('frame.toHome')}</Button></Link>} />
}
