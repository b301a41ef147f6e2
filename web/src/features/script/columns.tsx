import { useTranslation } from 'react-i18next'
import { count } from '@/platform/format'
import type { Column } from '@/platform/grid/column'
import { Ago } from '@/platform/Text'
import type { Script } from '@/platform/types'
import { StateTag, Tag } from '@/words/StateTag'

/** Version says which version runs, and that a newer draft waits. */
export function Version({ script: s }: { script: Script }) {
  const { t } = useTranslation()
  return (
    <span className="row num">{s.published_version ? `v${s.published_version}` : '–'}
      {s.published_version > 0 && s.version > s.published_version && <Tag tone="amber">{t('script.newer', { version: s.version })}</Tag>}</span>
  )
}

export const columns: Column<Script>[] = [
  { key: 'name', title: 'script.name', render: s => s.name, primary: true, width: 260 },
  { key: 'state', title: 'script.state', render: s => <StateTag state={s.state} />, width: 110 },
  { key: 'published_version', title: 'script.version', render: s => <Version script={s} />, width: 130 },
  { key: 'nodes', title: 'script.nodes', render: s => count(s.nodes), align: 'right', width: 90 },
  { key: 'keywords', title: 'script.keywords', render: s => count(s.keywords), align: 'right', width: 100 },
  { key: 'used_by', title: 'script.usedBy', render: s => count(s.used_by), align: 'right', width: 110 },
  { key: 'updated_at', title: 'script.updated', render: s => <Ago at={s.updated_at} />, width: 130 },
  { key: 'updated_by', title: 'script.by', render: s => s.updated_by, width: 110 },
  { key: 'description', title: 'script.description', render: s => s.description, hidden: true },
]
