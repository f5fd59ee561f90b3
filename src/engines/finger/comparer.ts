import { calibratedScore } from './calibration.js'
import { EvidenceFinder } from './evidence.js'
import type { FingerFeatures } from './features.js'
import type { FingerModel } from './model.js'

/** Fewer minutiae have no arrangement to compare. */
const MINUTIAE_MIN = 2

/**
 * Compares impressions 1:1. One comparer holds one work space: a thread has its own, and a comparison is not re-entrant.
 */
export class FingerComparer {
  readonly #model: FingerModel
  readonly #evidence = new EvidenceFinder()

  constructor(model: FingerModel) {
    this.#model = model
  }

  /**
   * @returns −log10 of the share of non-mated comparisons that score as high, on the synthetic fingers of the model card:
   *          0 and more, greater is more alike. 3 is a false match rate of 0.1 %.
   */
  compare(probe: FingerFeatures, reference: FingerFeatures): number {
    return calibratedScore(this.#model.calibration, this.logOdds(probe, reference))
  }

  /** Log-odds of "one finger" before calibration; −Infinity where nothing is alike. For training. */
  logOdds(probe: FingerFeatures, reference: FingerFeatures): number {
    if (probe.count < MINUTIAE_MIN || reference.count < MINUTIAE_MIN) return -Infinity
    if (!this.#evidence.find(probe, reference)) return -Infinity
    const { bias, weights } = this.#model.evidence
    let sum = bias
    for (let i = 0; i < weights.length; i++) sum += weights[i]! * this.#evidence.values[i]!
    return sum
  }
}
