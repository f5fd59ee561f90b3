import type { PlotAxis, PlotSeries } from '../../../domain/plot.js'
import type { ErrorPoint } from '../error-curve.js'
import type { Histogram } from '../open-set-measures.js'

/** A logarithmic axis of a rate: down to the decade that one event among `count` lies in, at least two decades. */
export function logRateAxis(name: string, count: number): PlotAxis {
  const decades = Math.min(7, Math.max(2, Math.ceil(Math.log10(Math.max(1, count)))))
  return { name, scale: 'logarithmic', min: Number(`1e-${decades}`), max: 1, labels: 'rate' }
}

/** An axis of scores, cut where nothing was counted. */
export function scoreAxis({ mated, nonMated }: Histogram): PlotAxis {
  const used = [...mated, ...nonMated].filter(([, share]) => share > 0).map(([score]) => score)
  const [low, high] = [Math.min(...used, 1), Math.max(...used, 0)]
  const step = high - low > 2 ? 1 : 0.1
  const whole = (steps: number) => Number((steps * step).toFixed(1))
  return {
    name: 'comparison score',
    scale: 'linear',
    min: whole(Math.floor(low / step)),
    max: whole(Math.ceil(high / step)),
    labels: 'number',
  }
}

/** The greatest share of a bin, rounded up to a readable end. */
export function shareAxis(histogram: Histogram): PlotAxis {
  const most = Math.max(0.01, ...histogram.mated.map(([, y]) => y), ...histogram.nonMated.map(([, y]) => y))
  return {
    name: 'share of the comparisons in a bin',
    scale: 'linear',
    min: 0,
    max: Math.min(1, Number((Math.ceil(most * 20) / 20).toFixed(2))),
    labels: 'rate',
  }
}

export function histogramSeries({ mated, nonMated }: Histogram): readonly PlotSeries[] {
  return [
    { name: 'mated', shape: 'bars', points: mated },
    { name: 'non-mated', shape: 'bars', points: nonMated },
  ]
}

/** By rising false positives, as the axis reads. */
export function errorSeries(name: string, curve: readonly ErrorPoint[]): PlotSeries {
  return {
    name,
    shape: 'steps',
    points: curve.map(({ falsePositive, falseNegative }) => [falsePositive, falseNegative] as const),
  }
}
