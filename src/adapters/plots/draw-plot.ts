import { init, type EChartsOption } from 'echarts'
import type { Plot, PlotAxis, PlotSeries } from '../../domain/plot.js'
import { THEMES, type Theme } from './themes.js'

/** Pixels of the drawing; the page scales it, and text of 12 pixels must stay readable on a telephone. */
const SIZE = { width: 520, height: 360 } as const

/** Draws a plot as SVG in this process: no browser, no network, no script in the result. */
export function drawPlot(plot: Plot, theme: 'light' | 'dark'): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...SIZE })
  try {
    chart.setOption(optionsOf(plot, THEMES[theme]))
    return bare(chart.renderToSVGString())
  } finally {
    chart.dispose() // its timers would keep the process alive
  }
}

/** The style sheet of an ECharts drawing is about a mouse, which a still picture does not have. */
function bare(svg: string): string {
  return svg.replace(/<style\s*>.*?<\/style>/gs, '').replaceAll(/ class="[^"]*"/g, '')
}

function optionsOf({ x, y, series }: Plot, theme: Theme): EChartsOption {
  return {
    animation: false,
    color: coloursOf(series, theme),
    textStyle: { fontFamily: 'system-ui, sans-serif', color: theme.text },
    legend: {
      show: series.length > 1,
      top: 4,
      itemGap: 28,
      itemHeight: 10,
      icon: 'roundRect',
      textStyle: { color: theme.text, fontSize: 13 },
    },
    grid: { left: 72, right: 24, top: 40, bottom: 58 },
    xAxis: { ...axisOf(x, theme), nameGap: 34 },
    yAxis: { ...axisOf(y, theme), nameGap: 52 },
    series: series.map((one) => seriesOf(one, x, y, theme)),
  } as EChartsOption // its type of an axis is a union that no object built in steps satisfies
}

/** One colour for each name. */
function coloursOf(series: readonly PlotSeries[], { series: colours }: Theme): string[] {
  const names = [...new Set(series.map(({ name }) => name))]
  return series.map(({ name }) => colours[names.indexOf(name) % colours.length]!)
}

function axisOf(axis: PlotAxis, theme: Theme) {
  return {
    type: axis.scale === 'logarithmic' ? 'log' : 'value',
    name: axis.name,
    nameLocation: 'middle',
    nameTextStyle: { color: theme.text, fontSize: 13 },
    min: axis.min,
    max: axis.max,
    axisLine: { show: true, onZero: false, lineStyle: { color: theme.line } },
    axisTick: { show: true, lineStyle: { color: theme.line } },
    axisLabel: { color: theme.text, fontSize: 12, hideOverlap: true, formatter: labelOf(axis) },
    splitLine: { show: true, lineStyle: { color: theme.grid } },
    minorSplitLine: { show: axis.scale === 'logarithmic', lineStyle: { color: theme.faint } },
    minorTick: { show: axis.scale === 'logarithmic', splitNumber: 9, lineStyle: { color: theme.line } },
  }
}

/** "0.1 %", "30 %"; numbers without the noise of floating point. */
function labelOf({ labels }: PlotAxis): (value: number) => string {
  return (value) =>
    labels === 'rate' ? `${Number((value * 100).toPrecision(6))} %` : `${Number(value.toPrecision(6))}`
}

function seriesOf({ name, shape, points }: PlotSeries, x: PlotAxis, y: PlotAxis, theme: Theme) {
  const data: (number[] | string)[] = points.map(([px, py]) => [within(px, x), within(py, y)])
  const common = { name, data, silent: true }
  if (shape === 'points') return { ...common, type: 'scatter', symbolSize: 9 }
  const line = { ...common, type: 'line', showSymbol: false, lineStyle: { width: 2.2 } }
  if (shape === 'bounds') {
    const { line: color } = theme
    return { ...line, color, lineStyle: { width: 1.6, type: 'dashed', color } }
  }
  if (shape === 'segments') return { ...line, data: data.flatMap((point, i) => (i % 2 === 0 ? [point] : [point, '-'])) }
  if (shape === 'steps') return { ...line, step: 'end' }
  if (shape === 'bars') return { ...line, step: 'middle', lineStyle: { width: 1.4 }, areaStyle: { opacity: 0.28 } }
  return line
}

function within(value: number, { min, max }: PlotAxis): number {
  return Math.min(max, Math.max(min, value))
}
