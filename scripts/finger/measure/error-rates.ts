import { readFileSync } from 'node:fs'
import type { FingerView } from '../../../src/domain/finger.js'
import { FingerComparer } from '../../../src/engines/finger/comparer.js'
import { prepareFinger, type FingerFeatures } from '../../../src/engines/finger/features.js'
import { readFingerRecord } from '../../../src/engines/finger/formats/read.js'
import { writeFingerRecord } from '../../../src/engines/finger/formats/write.js'
import { parseFingerModel } from '../../../src/engines/finger/model-file.js'
import type { FingerModel } from '../../../src/engines/finger/model.js'
import { normaliseView } from '../../../src/engines/finger/normalise.js'
import { thresholdAtFmr, trueMatchRate } from '../../../src/services/evaluation/statistics.js'

export interface ErrorRates {
  readonly matedCount: number
  readonly nonMatedCount: number
  /** Shares, 0 to 1. */
  readonly eer: number
  readonly fnmrAtFmr1Percent: number
  readonly fnmrAtFmr01Percent: number
}

/** The matcher's trained constants. @throws what reading the file throws */
export function readModel(path: string): FingerModel {
  return parseFingerModel(readFileSync(path))
}

/**
 * Every two impressions of one finger are a mated comparison, and every two of different fingers a non-mated one, as in our
 * figures on FVC. Each view goes through a record of ISO/IEC 19794-2:2005, as a caller would get it; an impression that was
 * refused never matches.
 * @param views by finger and impression
 */
export function measureErrors(views: readonly (readonly (FingerView | null)[])[], model: FingerModel): ErrorRates {
  const comparer = new FingerComparer(model)
  const features = views.map((impressions) => impressions.map((view) => view && throughRecord(view, model)))
  const score = (a: FingerFeatures | null | undefined, b: FingerFeatures | null | undefined) =>
    a && b ? comparer.logOdds(a, b) : -Infinity
  const mated = features.flatMap((all) => all.flatMap((a, i) => all.slice(i + 1).map((b) => score(a, b))))
  const nonMated = features.flatMap((all, i) =>
    all.flatMap((a) => features.slice(i + 1).flatMap((others) => others.map((b) => score(a, b)))),
  )
  const descending = [...nonMated].sort((a, b) => b - a)
  const missedAt = (fmr: number) => 1 - trueMatchRate(mated, thresholdAtFmr(descending, fmr))
  return {
    matedCount: mated.length,
    nonMatedCount: nonMated.length,
    eer: equalErrorRate(mated, nonMated),
    fnmrAtFmr1Percent: missedAt(0.01),
    fnmrAtFmr01Percent: missedAt(0.001),
  }
}

function throughRecord(view: FingerView, model: FingerModel): FingerFeatures {
  const [read] = readFingerRecord(writeFingerRecord({ views: [view] }, 'iso-19794-2-2005')).views
  if (read === undefined) throw new Error('a record of one view has none')
  return prepareFinger(normaliseView(read), model)
}

/** Where the two error rates meet: the mean of both at the threshold where they are nearest. */
function equalErrorRate(mated: readonly number[], nonMated: readonly number[]): number {
  // Between two mated scores the rate of missed matches does not change: their values are thresholds enough.
  const rates = [...new Set([...mated, Infinity])].map((threshold) => ({
    fnmr: mated.filter((score) => score < threshold).length / mated.length,
    fmr: nonMated.filter((score) => score >= threshold).length / nonMated.length,
  }))
  const nearest = rates.reduce((a, b) => (Math.abs(b.fnmr - b.fmr) < Math.abs(a.fnmr - a.fmr) ? b : a))
  return (nearest.fnmr + nearest.fmr) / 2
}
