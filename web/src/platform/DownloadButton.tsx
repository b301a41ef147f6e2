import { DownloadOutlined } from '@ant-design/icons'
import { Button, type ButtonProps } from 'antd'
import { useState } from 'react'
import { download } from './download'
import { useFail } from './Errors'

interface Props extends Pick<ButtonProps, 'type' | 'size' | 'children'> { path: string; query?: Record<string, unknown>; name?: string }

/** DownloadButton is a button that hands a file of the server to the person; a refusal is said, not saved as the file. */
export function DownloadButton({ path, query, name, ...button }: Props) {
  const fail = useFail()
  const [busy, setBusy] = useState(false)
  const get = () => { setBusy(true); void download(path, query).catch(fail).finally(() => setBusy(false)) }
  return <Button {...button} icon={<DownloadOutlined />} loading={busy} onClick={get} data-action={name} />
}
