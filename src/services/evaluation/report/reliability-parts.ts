import type { CalibrationSource } from '../../../domain/calibration.js'
import type { Plot } from '../../../domain/plot.js'
import type { Reliability, ReliabilityPoint } from '../reliability.js'
import { logRateAxis } from './axes.js'
import type { ReportTable } from './report.js'
import { counted, measured, scoreWord, shortRate } from './words.js'

const NAMES = {
  fmr: { rate: 'FMR', full: 'false match rate (FMR)' },
  fpir: { rate: 'FPIR', full: 'false positive identification rate (FPIR)' },
} as const

/** What a calibration predicted, beside what was counted. */
export function reliabilityTable(title: string, { kind, points, referenceCount }: Reliability): ReportTable {
  const { rate } = NAMES[kind]
  const rows = points.map(({ threshold, predicted, measured: found }) => [
    `${shortRate(predicted.rate)}${predicted.isExtrapolated ? ' (extrapolated)' : ''}`,
    `${shortRate(predicted.lower95)}–${shortRate(predicted.upper95)} %`,
    scoreWord(threshold),
    measured(found),
    isWithin({ threshold, predicted, measured: found }) ? 'yes' : 'no',
  ])
  return {
    title,
    head: [`predicted ${rate}`, 'its 95 % interval', 'threshold', `measured ${rate} (95 %)`, 'within'],
    rows: rows.map(([predicted, ...rest]) => [withPercent(predicted!), ...rest]),
    notes: [
      `Within: the measured rate lies in the predicted interval.${referenceCount === null ? '' : ` Predicted for ${counted(referenceCount)} references.`}`,
    ],
  }
}

function withPercent(rate: string): string {
  return rate.includes(' ') ? rate.replace(' ', ' % ') : `${rate} %`
}

function isWithin({ predicted, measured: { rate } }: ReliabilityPoint): boolean {
  return rate >= predicted.lower95 && rate <= predicted.upper95
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
      { name: 'predicted, 95 % interval', shape: 'bounds', points: over(({ predicted }) => predicted.lower95) },
      { name: 'predicted, 95 % interval', shape: 'bounds', points: over(({ predicted }) => predicted.upper95) },
      {
        name: 'measured, with 95 % interval',
        shape: 'segments',
        points: points.flatMap(({ predicted, measured: { lower95, upper95 } }) => [
          [predicted.rate, lower95] as const,
          [predicted.rate, upper95] as const,
        ]),
      },
      { name: 'measured, with 95 % interval', shape: 'points', points: over(({ measured: found }) => found.rate) },
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
