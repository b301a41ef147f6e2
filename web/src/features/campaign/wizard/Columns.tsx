import { Alert, Button, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, data } from '@/platform/api'
import { Summary } from '@/platform/form/Summary'
import type { Import } from '@/platform/types'
import { guessed, lacking, mapping, put, type Column, type Use } from './mapping'
import css from './Wizard.module.css'

const uses: Use[] = ['phone', 'name', 'var', 'ignore']

/** Columns says what each column of the file is, over its first rows; the guesses are filled in. */
export function Columns({ list, checked }: { list: Import; checked: (list: Import) => void }) {
  const { t } = useTranslation()
  const [columns, setColumns] = useState(() => guessed(list.sheet.headers ?? [], list.mapping))
  const [failed, setFailed] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const lack = lacking(columns)
  async function check() {
    setBusy(true)
    setFailed(null)
    try {
      checked(await data(api.POST('/imports/{id}/mapping', { params: { path: { id: list.id } }, body: mapping(columns, list.sheet.sheet) })))
    } catch (e) {
      setFailed(e)
      setBusy(false)
    }
  }
  return (
    <div className={css.columns}>
      {list.failure && <Alert type="error" showIcon role="alert" title={list.failure} />}
      <p className="quiet">{t('campaign.mapHint')}{(list.sheet.sheets?.length ?? 0) > 1 && ` ${t('campaign.firstSheet', { name: list.sheet.sheet })}`}</p>
      <Preview columns={columns} rows={list.sheet.preview ?? []} set={(column, change) => setColumns(cs => put(cs, column, change))} />
      {failed != null && <Summary error={failed} names={[]} />}
      <div className="row"><Button type="primary" loading={busy} disabled={!!lack} onClick={() => void check()} data-action="check">{t('campaign.check')}</Button>{lack && <span className={css.error} role="status">{t(lack)}</span>}</div>
    </div>
  )
}

function Preview({ columns, rows, set }: { columns: readonly Column[]; rows: readonly (readonly string[] | null)[]; set: (column: string, change: Partial<Column>) => void }) {
  const { t } = useTranslation()
  return (
    <div className={css.preview} tabIndex={0} role="region" aria-label={t('campaign.preview')}>
      <table>
        <thead>
          <tr>{columns.map(c => (
            <th key={c.column} scope="col" data-use={c.use}>
              <span><i>{c.column}</i>{c.title}</span>
              <Select<Use> size="small" value={c.use} aria-label={t('campaign.columnIs', { name: c.title || c.column })} onChange={use => set(c.column, { use })} options={uses.map(u => ({ value: u, label: t(`campaign.use.${u}`) }))} />
              {c.use === 'var' && <Input size="small" value={c.as} maxLength={30} prefix={<span className="quiet">{'{{'}</span>} suffix={<span className="quiet">{'}}'}</span>} aria-label={t('campaign.varName', { name: c.title || c.column })} onChange={e => set(c.column, { as: e.target.value })} />}
            </th>
          ))}</tr>
        </thead>
        <tbody>{rows.map((r, i) => <tr key={i}>{columns.map((c, j) => <td key={c.column} data-use={c.use}>{r?.[j] ?? ''}</td>)}</tr>)}</tbody>
      </table>
    </div>
  )
}
