import type { Plot, PlotAxis, PlotSeries } from './domain/plot.js'
import type { CalibrationContent, CalibrationKnot } from './engines/calibration/content.js'
import { logRateAxis } from './services/evaluation/report/axes.js'

/** Rates below are no longer drawn: the curve's end is a guess of a guess. */
const RATE_MIN = 1e-7

/** What a score means, drawn: both error rates with the interval of the rarer one, and the likelihood ratio. */
export function calibrationPlots(content: CalibrationContent): readonly Plot[] {
  const knots = content.knots.filter(({ fmr }) => fmr >= RATE_MIN)
  return [rates(knots, content.resolution), likelihood(knots)]
}

function rates(knots: readonly CalibrationKnot[], resolution: number): Plot {
  const firstBeyond = knots.findIndex(({ fmr }) => fmr < resolution)
  const end = firstBeyond === -1 ? knots.length : firstBeyond
  return {
    title: 'Error rates over the score',
    caption:
      'FMR: how often two people reach a score; beyond what was measured it follows a fitted tail. FNMR: how often two samples of one person stay below it.',
    x: scoreAxis(knots),
    y: logRateAxis('rate of a comparison', 1 / Math.min(...knots.map(({ fmr }) => fmr))),
    series: [
      line('FMR', knots.slice(0, end), ({ fmr }) => fmr),
      line('FNMR', knots.filter(({ fnmr }) => fnmr > 0), ({ fnmr }) => fnmr), // prettier-ignore
      line('FMR, extrapolated', knots.slice(Math.max(0, end - 1)), ({ fmr }) => fmr),
      bound(knots, ({ fmrLower95 }) => fmrLower95),
      bound(knots, ({ fmrUpper95 }) => fmrUpper95),
    ],
  }
}

function likelihood(knots: readonly CalibrationKnot[]): Plot {
  const values = knots.map(({ llr }) => llr)
  return {
    title: 'Likelihood ratio over the score',
    caption: 'How many powers of ten likelier a score is of one person than of two; at 0 it says nothing.',
    x: scoreAxis(knots),
    y: {
      name: 'log10 of the likelihood ratio (llr)',
      scale: 'linear',
      min: Math.floor(Math.min(0, ...values)),
      max: Math.ceil(Math.max(1, ...values)),
      labels: 'number',
    },
    series: [line('llr', knots, ({ llr }) => llr)],
  }
}

function scoreAxis(knots: readonly CalibrationKnot[]): PlotAxis {
  const [low, high] = [knots[0]!.score, knots.at(-1)!.score]
  const step = high - low > 2 ? 1 : 0.1
  const whole = (steps: number) => Number((steps * step).toFixed(1))
  const [min, max] = [whole(Math.floor(low / step)), whole(Math.ceil(high / step))]
  return { name: 'comparison score', scale: 'linear', min, max, labels: 'number' }
}

function line(name: string, knots: readonly CalibrationKnot[], of: (knot: CalibrationKnot) => number): PlotSeries {
  return { name, shape: 'line', points: knots.map((knot) => [knot.score, of(knot)] as const) }
}

function bound(knots: readonly CalibrationKnot[], of: (knot: CalibrationKnot) => number): PlotSeries {
  return {
    name: '95 % of FMR',
    shape: 'bounds',
    points: knots.map((knot) => [knot.score, of(knot)] as const),
  }
}
