import { calibrationPlots } from './calibration-plots.js'
import { orDomainError } from './domain/errors.js'
import { CalibrationCurve } from './engines/calibration/curve.js'
import type { CalibrationContent } from './engines/calibration/content.js'
import type { Report, ReportTable } from './services/evaluation/report/report.js'
import { counted } from './services/evaluation/report/words.js'

const RATES = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6] as const
const SEARCHES = [0.1, 0.03, 0.01].flatMap((fpir) => [300, 1000, 10_000].map((count) => ({ fpir, count })))

/** What a calibration says, for people: thresholds with their intervals, and what is extrapolated. */
export function calibrationReport(content: CalibrationContent): Report {
  const curve = new CalibrationCurve(content)
  const { data, personCount, sampleCount, failuresToExtract, nonMatedCount, matedCount } = content.source
  const margin = content.marginDecades
  return {
    title: `Calibration of ${content.algorithm}`,
    lead: `${data}: ${counted(sampleCount)} samples of ${counted(personCount)} people; ${counted(failuresToExtract)} yielded no template.`,
    tables: [
      {
        title: 'Measured on',
        head: ['measure', 'value'],
        rows: [
          ['comparisons', `${counted(nonMatedCount)} of different people, ${counted(matedCount)} of one person`],
          ['measured down to', `FMR ${content.resolution.toExponential(1)}; what is rarer is extrapolated`],
        ],
        notes: [],
      },
      comparisons(curve),
      searches(curve),
    ],
    plots: calibrationPlots(content),
    caveats: [
      'These people are not your travellers: calibrate on your own images where you can.',
      ...(margin === undefined
        ? []
        : [
            `Every false match rate is ${Number((10 ** margin).toPrecision(2))} times the one measured, as --margin asked.`,
          ]),
      'FPIR counts every reference as another person; several references of one person give less.',
    ],
  }
}

function comparisons(curve: CalibrationCurve): ReportTable {
  return {
    title: 'Single comparisons',
    head: ['FMR', 'score', 'FMR, 95 %', 'FNMR (95 %)', 'basis'],
    rows: RATES.map((fmr) => {
      const score = orDomainError(() => curve.scoreAtFmr(fmr))
      if (typeof score !== 'number') return [String(fmr), BEYOND, '', '', '']
      const { lower95, upper95, isExtrapolated } = curve.fmrAt(score)
      const fnmr = curve.fnmrAt(score)
      const misses = `${percent(fnmr.rate)} (${percent(fnmr.lower95)} to ${percent(fnmr.upper95)})`
      return [String(fmr), score.toFixed(4), `${short(lower95)} to ${short(upper95)}`, misses, mark(isExtrapolated)]
    }),
    notes: [],
  }
}

function searches(curve: CalibrationCurve): ReportTable {
  return {
    title: 'Searches',
    head: ['FPIR', 'references', 'score', 'FPIR, 95 %', 'basis'],
    rows: SEARCHES.map(({ fpir, count }) => {
      const score = orDomainError(() => curve.scoreAtFpir(fpir, count))
      if (typeof score !== 'number') return [String(fpir), counted(count), BEYOND, '', '']
      const { lower95, upper95, isExtrapolated } = curve.fpirAt(score, count)
      return [
        String(fpir),
        counted(count),
        score.toFixed(4),
        `${short(lower95)} to ${short(upper95)}`,
        mark(isExtrapolated),
      ]
    }),
    notes: [],
  }
}

const BEYOND = 'beyond what this data can tell'

function short(rate: number): string {
  if (rate < 1e-9) return '0'
  return rate >= 0.001 ? String(Number(rate.toPrecision(2))) : rate.toExponential(1)
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`
}

function mark(isExtrapolated: boolean): string {
  return isExtrapolated ? 'extrapolated' : 'measured'
}
