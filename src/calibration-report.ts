import type { EvaluationReport } from './cli/dependencies.js'
import { orDomainError } from './domain/errors.js'
import { CalibrationCurve } from './engines/calibration/curve.js'
import type { CalibrationContent } from './engines/calibration/content.js'

const RATES = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6] as const
const SEARCHES = [0.1, 0.03, 0.01].flatMap((fpir) => [300, 1000, 10_000].map((count) => ({ fpir, count })))

/** What a calibration says, for people: thresholds with their intervals, and what is extrapolated. */
export function calibrationReport(content: CalibrationContent, file: string): EvaluationReport {
  const curve = new CalibrationCurve(content)
  const { personCount, sampleCount, failuresToExtract, nonMatedCount, matedCount } = content.source
  return {
    title: `Calibration of ${content.algorithm}: ${file}`,
    rows: [
      ['samples', `${sampleCount} of ${personCount} people; ${failuresToExtract} yielded no template`],
      ['comparisons', `${nonMatedCount} of different people, ${matedCount} of one person`],
      ['measured down to', `FMR ${content.resolution.toExponential(1)}; what is rarer is extrapolated`],
      ...RATES.map((fmr) => [`FMR ${fmr}`, fmrText(curve, fmr)] as const),
      ...SEARCHES.map(
        ({ fpir, count }) => [`FPIR ${fpir} of ${count} references`, fpirText(curve, fpir, count)] as const,
      ),
    ],
    caveats: [
      'These people are not your travellers: calibrate on your own images where you can.',
      'FPIR counts every reference as another person; several references of one person give less.',
    ],
    json: { file, ...content },
  }
}

function fmrText(curve: CalibrationCurve, fmr: number): string {
  const score = orDomainError(() => curve.scoreAtFmr(fmr))
  if (typeof score !== 'number') return BEYOND
  const { lower95, upper95, isExtrapolated } = curve.fmrAt(score)
  const fnmr = curve.fnmrAt(score)
  const misses = `FNMR ${percent(fnmr.rate)} (${percent(fnmr.lower95)} to ${percent(fnmr.upper95)})`
  return `score ${score.toFixed(4)}, 95 %: ${short(lower95)} to ${short(upper95)}, ${misses}${mark(isExtrapolated)}`
}

function fpirText(curve: CalibrationCurve, fpir: number, referenceCount: number): string {
  const score = orDomainError(() => curve.scoreAtFpir(fpir, referenceCount))
  if (typeof score !== 'number') return BEYOND
  const { lower95, upper95, isExtrapolated } = curve.fpirAt(score, referenceCount)
  return `score ${score.toFixed(4)}, 95 %: ${short(lower95)} to ${short(upper95)}${mark(isExtrapolated)}`
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
  return isExtrapolated ? ' (extrapolated)' : ''
}
