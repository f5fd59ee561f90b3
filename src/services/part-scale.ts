import type { ScoreCalibration } from '../domain/calibration.js'
import type { ScoreFusion } from '../domain/fusion.js'
import type { FaceAlgorithm } from '../domain/models.js'

/** What the scores of one part of a probe mean. */
export interface PartScale {
  /** −log10 of the false match rate at a score: what is fused. */
  negLog10Fmr(score: number): number
  /** log10 of the likelihood ratio mated : non-mated; null without a calibration. */
  llr(score: number): number | null
}

/** Of cosines: by the calibration, without one by the operating points of the manifest. */
export function faceScale(
  { operatingPoints }: FaceAlgorithm,
  calibration: ScoreCalibration | null,
  fusion: ScoreFusion,
): PartScale {
  if (calibration === null)
    return { negLog10Fmr: (score) => fusion.negLog10Fmr(score, operatingPoints), llr: () => null }
  return {
    negLog10Fmr: (score) => Math.max(0, -Math.log10(calibration.fmrAt(score).rate)), // not −0
    llr: (score) => calibration.llrAt(score),
  }
}

/** Of fingers, which are scored in −log10 of the false match rate. */
export function fingerScale(calibration: ScoreCalibration | null): PartScale {
  return { negLog10Fmr: (score) => score, llr: (score) => calibration?.llrAt(score) ?? null }
}
