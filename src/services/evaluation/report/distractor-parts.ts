import type { Plot } from '../../../domain/plot.js'
import type { DistractorCheck, RateRatio } from '../distractor-check.js'
import type { DistractorMeasures, IdentificationEvaluation } from '../identification.js'
import type { FpirPoint } from '../open-set-measures.js'
import { errorSeries, logRateAxis } from './axes.js'
import type { ReportTable } from './report.js'
import { counted, measured, orDash, percent, scoreWord } from './words.js'

/** Misses with and without the strangers who do not exist. */
export function distractorThresholds(evaluation: IdentificationEvaluation, among: DistractorMeasures): ReportTable {
  const cells = (point: FpirPoint) => [orDash(point.threshold, scoreWord), orDash(point.fnirRankMax, measured)]
  const [alone, with_] = [`N = ${counted(evaluation.referenceCount)}`, `N = ${counted(among.measures.referenceCount)}`]
  const { trust } = among
  const needed = evaluation.fpirPoints.map(({ targetFpir }) => targetFpir / among.measures.referenceCount)
  const isTrusted = (i: number) => trust !== null && needed[i]! >= trust.fmr
  return {
    title: `Among ${counted(among.count)} distractors`,
    head: [
      'FPIR',
      `threshold, ${alone}`,
      `FNIR, R = ${evaluation.rankMax} (95 %)`,
      `threshold, ${with_}`,
      `FNIR, R = ${evaluation.rankMax} (95 %)`,
      'model',
    ],
    rows: evaluation.fpirPoints.map((point, i) => [
      percent(point.targetFpir),
      ...cells(point),
      ...cells(among.measures.fpirPoints[i]!),
      isTrusted(i) ? 'checked' : 'extrapolated',
    ]),
    notes: [trustNote(among), `Mates at rank 1: ${rankOne(evaluation.cmc)} alone, ${rankOne(among.measures.cmc)} among them.`],
  }
}

function rankOne([first]: IdentificationEvaluation['cmc']): string {
  return orDash(first ?? null, measured)
}

function trustNote({ trust, measures }: DistractorMeasures): string {
  const rarest = `FPIR 1 % over ${counted(measures.referenceCount)} references asks for an FMR of about ${(0.01 / measures.referenceCount).toExponential(0)}.`
  if (trust === null) return `The model was not confirmed on people whom it was not fitted to: take nothing from it. ${rarest}`
  return (
    `Down to an FMR of ${trust.fmr.toExponential(0)} the model’s rate lies within a factor of ${trust.factor.toFixed(1)} of the real one ` +
    `(95 %, on people whom it was not fitted to); how it does beyond is not known. ${rarest}`
  )
}

/** How the model did on people whom it was not fitted to. */
export function distractorChecks({ checks }: DistractorMeasures): ReportTable {
  const rows = (of: (check: DistractorCheck) => readonly RateRatio[], word: (rate: number) => string) =>
    of(checks[0]!).map(({ realRate }, i) => [word(realRate), ...checks.map((check) => ratioWord(of(check)[i]))])
  const [toOthers, toEnrolled] = checks
  return {
    title: 'Distractors against real people',
    head: [
      'real rate',
      `model of the enrolled on ${counted(toOthers!.personCount)} others (95 %)`,
      `model of the others on ${counted(toEnrolled!.personCount)} enrolled (95 %)`,
    ],
    rows: [
      ...rows(({ fmr }) => fmr, (rate) => `FMR ${decade(rate)}`),
      ...rows(({ fpir }) => fpir, (rate) => `FPIR ${percent(rate)}`),
    ],
    notes: [
      'The model’s rate over the real one at the score where real people reach the rate: 1 is right, above 1 the model has too many strangers alike.',
      'FPIR: each person searched among all the others, and among as many distractors.',
    ],
  }
}

function ratioWord(ratio: RateRatio | undefined): string {
  if (ratio === undefined) return '–'
  const { rate, lower95, upper95 } = ratio.ratio
  return `${rate.toFixed(2)} (${lower95.toFixed(2)}–${upper95.toFixed(2)})`
}

function decade(rate: number): string {
  return rate.toExponential(0)
}

/** The trade-off with and without distractors. */
export function distractorTrade(evaluation: IdentificationEvaluation, among: DistractorMeasures): Plot {
  return {
    title: 'With distractors',
    caption: `Misses against false alarms, R = ${evaluation.rankMax}, with ${counted(among.count)} strangers who do not exist and without.`,
    x: logRateAxis('false positive identification rate (FPIR)', evaluation.nonMatedSearchCount),
    y: logRateAxis('false negative identification rate (FNIR)', evaluation.matedSearchCount),
    series: [
      errorSeries(`N = ${counted(evaluation.referenceCount)}`, evaluation.errorCurve),
      errorSeries(`N = ${counted(among.measures.referenceCount)}`, among.measures.errorCurve),
    ],
  }
}
