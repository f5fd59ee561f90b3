import type { CalibrationSource, RateEstimate } from '../../../domain/calibration.js'
import type { Plot } from '../../../domain/plot.js'
import type { MeasuredRate } from '../bootstrap.js'
import type { Reliability, ReliabilityPoint } from '../reliability.js'
import { logRateAxis } from './axes.js'
import type { ReportTable } from './report.js'
import { counted, measured, scoreWord, shortRate } from './words.js'

const NAMES = {
  fmr: { rate: 'FMR', full: 'false match rate (FMR)' },
  fpir: { rate: 'FPIR', full: 'false positive identification rate (FPIR)' },
} as const

/** House rule: a rate that fewer events support says little. */
const SUPPORT_MIN = 10

/** What a calibration predicted, beside what was counted. */
export function reliabilityTable(title: string, { kind, points, referenceCount, count }: Reliability): ReportTable {
  const { rate } = NAMES[kind]
  const rows = points.map(({ threshold, predicted, measured: found }) => [
    `${shortRate(predicted.rate)}${predicted.isExtrapolated ? ' (extrapolated)' : ''}`,
    `${shortRate(predicted.lower95)}–${shortRate(predicted.upper95)} %`,
    scoreWord(threshold),
    measured(found),
    predicted.rate * count < SUPPORT_MIN ? 'too few' : isWithin(predicted, found) ? 'yes' : 'no',
  ])
  return {
    title,
    head: [`predicted ${rate}`, 'its 95 % interval', 'threshold', `measured ${rate} (95 %)`, 'within'],
    rows: rows.map(([predicted, ...rest]) => [withPercent(predicted!), ...rest]),
    notes: [
      `Within: the measured rate lies in the predicted interval; too few: under ten events were to be expected.`,
      `Of ${counted(count)} ${kind === 'fmr' ? 'comparisons of different people' : 'non-mated searches'}.${referenceCount === null ? '' : ` Predicted for ${counted(referenceCount)} references.`}`,
    ],
  }
}

function withPercent(rate: string): string {
  return rate.includes(' ') ? rate.replace(' ', ' % ') : `${rate} %`
}

function isWithin({ lower95, upper95 }: RateEstimate, { rate }: MeasuredRate): boolean {
  return rate >= lower95 && rate <= upper95
}

/** Predicted against measured rates; what lies on the line is as predicted. */
export function reliabilityPlot(title: string, { kind, points }: Reliability): Plot {
  const least = Math.min(...points.map(({ predicted, measured: found }) => Math.min(predicted.rate, found.rate || 1)))
  const axis = (name: string) => logRateAxis(name, 1 / least)
  const { full } = NAMES[kind]
  const over = (rateOf: (point: ReliabilityPoint) => number) =>
    points.map((point) => [point.predicted.rate, rateOf(point)] as const)
  return {
    title,
    caption: 'What the calibration predicts for a threshold against what was counted there. On the line both are the same.',
    x: axis(`predicted ${full}`),
    y: axis(`measured ${full}`),
    series: [
      { name: 'predicted', shape: 'line', points: over(({ predicted }) => predicted.rate) },
      { name: 'its 95 % interval', shape: 'bounds', points: over(({ predicted }) => predicted.lower95) },
      { name: 'its 95 % interval', shape: 'bounds', points: over(({ predicted }) => predicted.upper95) },
      {
        name: 'measured (95 %)',
        shape: 'segments',
        points: points.flatMap(({ predicted, measured: { lower95, upper95 } }) => [
          [predicted.rate, lower95] as const,
          [predicted.rate, upper95] as const,
        ]),
      },
      { name: 'measured (95 %)', shape: 'points', points: over(({ measured: found }) => found.rate) },
    ],
  }
}

/** Where the calibration comes from, and what that means for the comparison with it. */
export function calibrationCaveat({ data, personCount, date }: CalibrationSource): string {
  return (
    `The calibration was made from “${data}” (${counted(personCount)} people, ${date}). ` +
    'Where people of this evaluation are among them, that it fits is no honest test of it.'
  )
}
