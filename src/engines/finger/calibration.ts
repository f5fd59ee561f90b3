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

/**
 * Minutiae of the smaller print from which on the table holds as it is. A few minutiae lie like a few others by chance: the nearest 8 of
 * one finger and of another reach a score of 4 in 1.6 % of the comparisons instead of 0.01 %, 12 in 0.2 %, 20 in 0.006 %
 * (`node dist/scripts/finger/measure/small-prints.js`, before this factor). What is right is close to a straight line through nothing.
 */
const FULL_SIZE_MINUTIAE = 18

/** The score that a small print's score is worth. @param minutiaeCount of the smaller one of the two */
export function scoreAtSize(score: number, minutiaeCount: number): number {
  return score * Math.min(1, minutiaeCount / FULL_SIZE_MINUTIAE)
}
