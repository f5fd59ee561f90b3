import type { FingerModel } from './model.js'

/**
 * Log-odds to −log10(FMR): straight lines between the knots, the first knot's score below the first one, and the last one's
 * above the last one. Which knots are measured and which are extrapolated says the model's card.
 */
export function calibratedScore({ logOdds, score }: FingerModel['calibration'], value: number): number {
  const last = logOdds.length - 1
  if (!(value > logOdds[0]!)) return score[0]!
  if (value >= logOdds[last]!) return score[last]!
  let knot = 1
  while (value > logOdds[knot]!) knot++
  const share = (value - logOdds[knot - 1]!) / (logOdds[knot]! - logOdds[knot - 1]!)
  return score[knot - 1]! + share * (score[knot]! - score[knot - 1]!)
}
