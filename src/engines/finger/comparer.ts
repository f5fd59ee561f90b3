import { Alignment } from './alignment.js'
import { calibratedScore, scoreAtSize } from './calibration.js'
import { Evidence, EVIDENCE_NAMES } from './evidence.js'
import type { FingerFeatures } from './features.js'
import { LocalSimilarity } from './local-similarity.js'
import type { FingerModel } from './model.js'
import { MinutiaPairs, OneToOne } from './one-to-one.js'
import { Relaxation } from './relaxation.js'

/** Fewer minutiae have no arrangement to compare. */
const MINUTIAE_MIN = 2
/** Alignments that are tried: one from each of the pairs that the others support most. */
const SEED_COUNT = 4

/**
 * Compares impressions 1:1. One comparer holds the work space of one comparison (about 200 kB), so that comparing
 * allocates nothing: each thread has its own.
 */
export class FingerComparer {
  /** Of the last comparison that found anything alike, in the order of EVIDENCE_NAMES; for training. */
  readonly evidence = new Float64Array(EVIDENCE_NAMES.length)
  readonly #model: FingerModel
  readonly #similarity = new LocalSimilarity()
  readonly #oneToOne = new OneToOne()
  readonly #candidates = new MinutiaPairs()
  readonly #relaxation = new Relaxation()
  readonly #alignment = new Alignment(this.#oneToOne)
  readonly #hypothesis = new Evidence()

  constructor(model: FingerModel) {
    this.#model = model
  }

  /**
   * Symmetric: the roles do not change the score. The prepared model must be this comparer's.
   * @returns −log10 of the share of non-mated comparisons that score as high, on the synthetic fingers of the model card:
   *          0 to SCORE_MAX, greater is more alike; 3 is a false match rate of 0.1 % there. 0 with fewer than two minutiae.
   */
  compare(probe: FingerFeatures, reference: FingerFeatures): number {
    const score = calibratedScore(this.#model.calibration, this.logOdds(probe, reference))
    return scoreAtSize(score, Math.min(probe.count, reference.count))
  }

  /** Log-odds of "one finger" before calibration; −Infinity where nothing is alike. */
  logOdds(probe: FingerFeatures, reference: FingerFeatures): number {
    if (Math.min(probe.count, reference.count) < MINUTIAE_MIN) return -Infinity
    return comesFirst(probe, reference) ? this.#weigh(probe, reference) : this.#weigh(reference, probe)
  }

  /** `local similarity → one to one → relaxation → (alignment → evidence) from several seeds`; the most convincing counts. */
  #weigh(probe: FingerFeatures, reference: FingerFeatures): number {
    this.#similarity.measure(probe, reference)
    this.#similarity.assign(probe, reference, this.#oneToOne, this.#candidates)
    if (this.#candidates.count === 0) return -Infinity
    const relaxed = this.#relaxation.relax(probe, reference, this.#candidates)
    this.#alignment.takeReference(reference)
    let best = -Infinity
    for (let n = 0; n < Math.min(SEED_COUNT, this.#candidates.count); n++) {
      const seed = this.#relaxation.bySupport[n]!
      this.#alignment.alignAt(seed, this.#candidates, this.#relaxation, probe, reference)
      this.#hypothesis.gather(probe, reference, relaxed, this.#alignment, this.#similarity.values)
      const logOdds = this.#logistic()
      if (logOdds <= best) continue
      best = logOdds
      this.evidence.set(this.#hypothesis.values)
    }
    return best
  }

  #logistic(): number {
    const { bias, weights } = this.#model.evidence
    const { values } = this.#hypothesis
    let sum = bias
    for (let i = 0; i < weights.length; i++) sum += weights[i]! * values[i]!
    return sum
  }
}

/**
 * An order of two fingers that does not depend on their roles, nor on where they lie and how they are turned: greedy steps
 * break ties by order, and the score must not tell the roles apart.
 */
function comesFirst(a: FingerFeatures, b: FingerFeatures): boolean {
  if (a.count !== b.count) return a.count < b.count
  for (let i = 0; i < a.descriptors.length; i++)
    if (a.descriptors[i] !== b.descriptors[i]) return a.descriptors[i]! < b.descriptors[i]!
  return true
}
