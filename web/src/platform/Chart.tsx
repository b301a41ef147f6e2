import { BarChartOutlined, DownloadOutlined, TableOutlined } from '@ant-design/icons'
import { Button, Segmented, Skeleton, Tooltip } from 'antd'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import css from './Chart.module.css'
import { csv, type Series } from './series'

const Canvas = lazy(() => import('./ChartCanvas'))

interface Props { title: string; unit: string; series: Series; kind?: 'bar' | 'line' | 'stack'; height?: number; extra?: ReactNode }

/** Chart is every chart: what it shows and its unit, the same numbers as a table, and their export. Fewer than three numbers stay a table. */
export function Chart({ title, unit, series, kind = 'bar', height = 260, extra }: Props) {
  const { t } = useTranslation()
  const few = series.names.length < 3
  const [asTable, setTable] = useState(false)
  const save = () => {
    const file = URL.createObjectURL(new Blob(['\uFEFF' + csv(series)], { type: 'text/csv;charset=utf-8' })) // the mark lets Excel read Chinese
    Object.assign(document.createElement('a'), { href: file, download: `${title}.csv` }).click()
    URL.revokeObjectURL(file)
  }
  return (
    <figure className={`panel ${css.chart}`}>
      <figcaption className={css.head}>
        <div className="grow"><h2>{title}</h2><span>{unit}</span></div>
        {extra}
        {!few && <Segmented size="small" value={asTable ? 'table' : 'chart'} onChange={v => setTable(v === 'table')} options={[
          { value: 'chart', icon: <BarChartOutlined />, title: t('platform.chart.asChart') }, { value: 'table', icon: <TableOutlined />, title: t('platform.chart.asTable') },
        ]} />}
        <Tooltip title={t('platform.chart.csv')}><Button type="text" size="small" icon={<DownloadOutlined />} aria-label={t('platform.chart.csv')} onClick={save} /></Tooltip>
      </figcaption>
      {few || asTable ? <Table series={series} label={title} height={height} />
        : <Suspense fallback={<Skeleton.Node active style={{ width: '100%', height }}>{' '}</Skeleton.Node>}><Canvas series={series} kind={kind} height={height} label={title} /></Suspense>}
    </figure>
  )
}

function Table({ series, label, height }: { series: Series; label: string; height: number }) {
  return (
    <div className={css.table} style={{ maxHeight: height }} tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead><tr><th scope="col">{series.over}</th>{series.lines.map(l => <th key={l.name} scope="col">{l.name}</th>)}</tr></thead>
        <tbody>{series.names.map((n, i) => <tr key={n}><th scope="row">{n}</th>{series.lines.map(l => <td key={l.name}>{l.values[i]}</td>)}</tr>)}</tbody>
      </table>
    </div>
  )
}
