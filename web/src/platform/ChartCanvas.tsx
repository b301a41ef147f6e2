import { BarChart, LineChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import * as echarts from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import type { Series } from './series'
import { useTokens } from './theme'
import type { Tokens } from './tokens'

echarts.use([BarChart, LineChart, GridComponent, TooltipComponent, LegendComponent, AriaComponent, CanvasRenderer])

interface Props { series: Series; kind: 'bar' | 'line' | 'stack'; height: number; label: string }

/** ChartCanvas draws a series in the console's one theme. Loaded only where a chart is on the page. */
export default function ChartCanvas({ series, kind, height, label }: Props) {
  const tokens = useTokens()
  const box = useRef<HTMLDivElement>(null)
  const chart = useRef<echarts.ECharts | null>(null)
  useEffect(() => {
    chart.current = echarts.init(box.current!)
    const watch = new ResizeObserver(() => chart.current?.resize())
    watch.observe(box.current!)
    return () => { watch.disconnect(); chart.current?.dispose() }
  }, [])
  useEffect(() => { chart.current?.setOption(option(series, kind, tokens), true) }, [series, kind, tokens])
  return <div ref={box} style={{ height }} role="img" aria-label={label} />
}

function option(s: Series, kind: Props['kind'], c: Tokens): echarts.EChartsCoreOption {
  const font = { color: c.text2, fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12 }
  const palette = [c.accent, c.callee, c.amber, c.red]
  return {
    animationDuration: 300, color: palette, aria: { enabled: true },
    grid: { left: 4, right: 8, top: s.lines.length > 1 ? 36 : 12, bottom: 0, containLabel: true },
    legend: s.lines.length > 1 ? { top: 0, left: 0, icon: 'roundRect', itemWidth: 10, itemHeight: 10, itemGap: 16, textStyle: font, inactiveColor: c.lineStrong } : undefined,
    tooltip: { trigger: 'axis', axisPointer: { type: kind === 'line' ? 'line' : 'shadow', shadowStyle: { color: c.text, opacity: 0.05 } }, backgroundColor: c.raised, borderColor: c.line, textStyle: { ...font, color: c.text } },
    xAxis: { type: 'category', data: s.names, axisTick: { show: false }, axisLine: { lineStyle: { color: c.line } }, axisLabel: { ...font, hideOverlap: true } },
    yAxis: { type: 'value', minInterval: 1, splitLine: { lineStyle: { color: c.line } }, axisLabel: font },
    series: s.lines.map((l, i) => ({
      name: l.name, data: l.values, type: kind === 'line' ? 'line' : 'bar', stack: kind === 'stack' ? 'all' : undefined, barMaxWidth: 22, barGap: '20%', smooth: 0.25, symbolSize: 5,
      itemStyle: { color: l.color ?? palette[i % palette.length], borderRadius: kind === 'bar' ? [3, 3, 0, 0] : 0 },
    })),
  }
}
