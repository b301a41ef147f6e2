import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { PasswordForm } from '@/platform/PasswordForm'
import { useSignOut } from '@/platform/session'
import { Gate } from './Gate'

/** NewPassword stands before the console while the password is one that somebody else set. */
export default function NewPassword() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const signOut = useSignOut()
  return (
    <Gate title={t('frame.newPassword')} text={t('frame.newPasswordHint')}>
      <PasswordForm verb="frame.setPassword" done={() => queries.invalidateQueries({ queryKey: ['me'] })} />
      <Button type="link" block onClick={() => void signOut()}>{t('frame.signOut')}</Button>
    </Gate>
  )
}
