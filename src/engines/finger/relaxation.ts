import { Compatibility } from './compatibility.js'
import { COMPARED_MAX, type FingerFeatures } from './features.js'
import type { MinutiaPairs } from './one-to-one.js'

/**
 * Local similarity assignment with distortion-tolerant relaxation (LSA-R; Cappelli, Ferrara and Maltoni, TPAMI 2010,
 * §4.2): pairs that fit one rigid motion lend each other weight, others lose it. Constants: the paper's, table 1.
 */
const ROUND_COUNT = 5
const SELF_SHARE = 0.5

export class Relaxation {
  readonly compatibility = new Compatibility()
  /** Weight of each pair after relaxation. */
  readonly relaxed = new Float64Array(COMPARED_MAX)
  /** Pairs by relaxed over first weight, greatest first: those that the others support most. */
  readonly bySupport = new Int32Array(COMPARED_MAX)
  readonly #next = new Float64Array(COMPARED_MAX)

  /**
   * @param pairs at least one; weights over 0
   * @returns the LSA-R score, 0 to 1: mean relaxed weight of the pairs that the others support most
   */
  relax(probe: FingerFeatures, reference: FingerFeatures, pairs: MinutiaPairs): number {
    this.compatibility.measure(probe, reference, pairs)
    this.#spread(pairs)
    this.#rank(pairs)
    const countMax = scoredCount(Math.min(probe.count, reference.count))
    let sum = 0
    for (let i = 0; i < Math.min(pairs.count, countMax); i++) sum += this.relaxed[this.bySupport[i]!]!
    return sum / countMax
  }

  #spread(pairs: MinutiaPairs): void {
    const { count, weight } = pairs
    const compatibility = this.compatibility.values
    const next = this.#next
    const relaxed = this.relaxed
    for (let t = 0; t < count; t++) relaxed[t] = weight[t]!
    if (count < 2) return
    for (let round = 0; round < ROUND_COUNT; round++) {
      for (let t = 0; t < count; t++) {
        let support = 0
        for (let k = 0; k < count; k++) support += compatibility[t * COMPARED_MAX + k]! * relaxed[k]!
        next[t] = SELF_SHARE * relaxed[t]! + ((1 - SELF_SHARE) * support) / (count - 1)
      }
      for (let t = 0; t < count; t++) relaxed[t] = next[t]!
    }
  }

  /** Insertion sort: at most 60, and nothing is allocated. */
  #rank(pairs: MinutiaPairs): void {
    const gain = this.#next
    for (let t = 0; t < pairs.count; t++) {
      gain[t] = this.relaxed[t]! / pairs.weight[t]!
      let at = t
      for (; at > 0 && gain[this.bySupport[at - 1]!]! < gain[t]!; at--) this.bySupport[at] = this.bySupport[at - 1]!
      this.bySupport[at] = t
    }
  }
}

/** Pairs that the score is the mean of: 4 to 12, by the minutiae of the smaller template (paper, eq. 19; μ 20, τ 2/5). */
export function scoredCount(smallerCount: number): number {
  return 4 + Math.round(8 / (1 + Math.exp(-0.4 * (smallerCount - 20))))
}
