import type { OperatingPoint } from '../../domain/models.js'

/** Beyond the rarest rate that was measured nothing is known: this many powers of ten are believed. */
const EXTRAPOLATED_DECADES_MAX = 2

/**
 * −log10 of the false match rate at a comparison score: on the line between the two operating points around it, since the tail of
 * non-mated scores is close to a straight line in this scale. Before the first point and after the last the nearest line goes on, down to
 * 0 and up to `EXTRAPOLATED_DECADES_MAX` beyond the last.
 * @param points at least two, of different rates
 */
export function negLog10FmrAt(score: number, points: readonly OperatingPoint[]): number {
  const known = points.map((point) => ({ score: point.score, level: -Math.log10(point.fmr) })).sort(byLevel)
  const next = known.findIndex((point) => point.score > score)
  const upper = Math.max(1, next === -1 ? known.length - 1 : next)
  const [a, b, last] = [known[upper - 1], known[upper], known.at(-1)]
  if (a === undefined || b === undefined || last === undefined) throw new Error('a line needs two operating points')
  const level = a.level + ((score - a.score) * (b.level - a.level)) / (b.score - a.score)
  return Math.min(Math.max(0, level), last.level + EXTRAPOLATED_DECADES_MAX)
}

function byLevel(a: { readonly level: number }, b: { readonly level: number }): number {
  return a.level - b.level
}
