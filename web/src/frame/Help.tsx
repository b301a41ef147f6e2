import { Modal } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import css from './Palette.module.css'
import { shortcut } from './keys'

const opened = 'yd:help'

/** showHelp opens the list of keys from anywhere. */
export function showHelp() { window.dispatchEvent(new Event(opened)) }

/** Help lists what the keyboard can do; ? opens it. */
export function Help() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const show = () => setOpen(true)
    const press = (e: KeyboardEvent) => { if (e.key === '?' && !(e.target as Element).closest('input,textarea,[contenteditable]')) show() }
    window.addEventListener(opened, show)
    window.addEventListener('keydown', press)
    return () => { window.removeEventListener(opened, show); window.removeEventListener('keydown', press) }
  }, [])
  const keys: [string, string][] = [
    [shortcut, 'frame.keys.palette'], ['?', 'frame.keys.help'], ['Esc', 'frame.keys.close'], ['← →', 'frame.keys.row'], ['Space', 'frame.keys.play'],
  ]
  return (
    <Modal open={open} title={t('frame.help')} footer={null} onCancel={() => setOpen(false)} width={440}>
      <dl className={css.keys}>{keys.map(([k, what]) => <div key={k}><dt><kbd>{k}</kbd></dt><dd>{t(what)}</dd></div>)}</dl>
    </Modal>
  )
}
