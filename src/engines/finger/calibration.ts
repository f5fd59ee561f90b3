import type { FingerModel } from './model.js'

/**
 * Log-odds to −log10(FMR): straight lines between the knots, 0 below the first one. Beyond the last one the last line
 * goes on, up to SCORE_MAX: an extrapolation, and no measured rate.
 */
export function calibratedScore({ logOdds, score }: FingerModel['calibration'], value: number): number {
  const last = logOdds.length - 1
  if (!(value > logOdds[0]!)) return 0
  let knot = 1
  while (knot < last && value > logOdds[knot]!) knot++
  const slope = (score[knot]! - score[knot - 1]!) / (logOdds[knot]! - logOdds[knot - 1]!)
  return Math.min(SCORE_MAX, score[knot - 1]! + slope * (value - logOdds[knot - 1]!))
}

/** Claims beyond one false match in 10^12 would be about the model, not about fingers. */
export const SCORE_MAX = 12
