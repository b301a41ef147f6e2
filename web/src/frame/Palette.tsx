import { SearchOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Modal, Spin } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useCan } from '@/platform/session'
import { exists } from '@/routes'
import { Help } from './Help'
import { matches } from './menu'
import css from './Palette.module.css'
import { seek, type Hit } from './seek'
import { useMenu } from './Side'

const opened = 'yd:palette'
export { shortcut } from './keys'

/** openPalette opens it from anywhere. */
export function openPalette() { window.dispatchEvent(new Event(opened)) }

/** Palette jumps to any page, campaign, customer or call by its name. */
export function Palette() {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const show = () => setOpen(true)
    const press = (e: KeyboardEvent) => {
      if ((e.metaKey || e.ctrlKey) && e.key.toLowerCase() === 'k') { e.preventDefault(); setOpen(o => !o) }
    }
    window.addEventListener(opened, show)
    window.addEventListener('keydown', press)
    return () => { window.removeEventListener(opened, show); window.removeEventListener('keydown', press) }
  }, [])
  return (
    <>
      <Help />
      <Modal open={open} onCancel={() => setOpen(false)} footer={null} closable={false} destroyOnHidden width={600} style={{ top: 96 }} styles={{ container: { padding: 0, overflow: 'hidden' } }}>
        <Search done={() => setOpen(false)} />
      </Modal>
    </>
  )
}

function useHits(typed: string): { hits: Hit[]; busy: boolean } {
  const { t } = useTranslation()
  const can = useCan()
  const menu = useMenu()
  const [asked, setAsked] = useState('')
  useEffect(() => { const wait = setTimeout(() => setAsked(typed.trim()), 200); return () => clearTimeout(wait) }, [typed])
  const found = useQuery({ queryKey: ['palette', asked], queryFn: () => seek(asked, can, exists), enabled: asked.length >= 2, staleTime: 30_000 })
  const pages = useMemo(() => menu.flatMap(g => g.entries.map((e): Hit => ({ group: 'frame.palette.pages', label: t(e.label), to: e.path }))), [menu, t])
  const near = pages.filter(p => matches(typed, p.label))
  return { hits: [...near, ...(asked.length >= 2 ? found.data ?? [] : [])], busy: found.isFetching }
}

function Search({ done }: { done: () => void }) {
  const { t } = useTranslation()
  const go = useNavigate()
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const { hits, busy } = useHits(typed)
  const chosen = Math.min(at, Math.max(0, hits.length - 1))
  const take = (hit?: Hit) => { if (hit) { done(); void go(hit.to) } }
  const press = (e: React.KeyboardEvent) => {
    if (e.key === 'ArrowDown') { e.preventDefault(); setAt((chosen + 1) % Math.max(1, hits.length)) }
    if (e.key === 'ArrowUp') { e.preventDefault(); setAt((chosen + hits.length - 1) % Math.max(1, hits.length)) }
    if (e.key === 'Enter' && !e.nativeEvent.isComposing) take(hits[chosen])
  }
  useEffect(() => { void document.getElementById(`hit-${chosen}`)?.scrollIntoView({ block: 'nearest' }) }, [chosen]) // newer browsers answer a promise: no clean-up of ours
  return (
    <div className={css.palette}>
      <label className={css.input}>
        <SearchOutlined />
        <input autoFocus role="combobox" aria-expanded="true" aria-controls="hits" aria-activedescendant={hits.length ? `hit-${chosen}` : undefined} aria-label={t('frame.palette.name')}
          placeholder={t('frame.palette.hint')} value={typed} onChange={e => { setTyped(e.target.value); setAt(0) }} onKeyDown={press} />
        {busy && <Spin size="small" />}
      </label>
      <ul id="hits" role="listbox" aria-label={t('frame.palette.name')} className={css.hits}>
        {hits.map((h, i) => (
          <li key={h.to} id={`hit-${i}`} role="option" aria-selected={i === chosen} className={css.hit} onClick={() => take(h)} onMouseMove={() => setAt(i)}>
            <span className="clip">{h.label}</span>{h.note && <small className="clip num">{h.note}</small>}<em>{t(h.group)}</em>
          </li>
        ))}
      </ul>
      {!hits.length && !busy && <p className={css.none}>{t('frame.palette.none')}</p>}
    </div>
  )
}
