import type { SearchErrors } from './calibration.js'
import type { OperatingPoint } from './models.js'

/** How scores of several parts become one; see `engines/fusion`. */
export interface ScoreFusion {
  /** −log10 of the false match rate at a comparison score; 0 and more. @param points of the part's space, at least two */
  negLog10Fmr(score: number, points: readonly OperatingPoint[]): number
  /** −log10 of the false match rate of all parts together. @param parts each 0 or more, at least one */
  fuse(parts: readonly number[]): number
  /** What fused scores promise of searches, taken at their word: no data has calibrated them. */
  readonly searchErrors: SearchErrors
}
