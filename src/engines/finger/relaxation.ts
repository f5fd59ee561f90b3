import { COMPARED_MAX, type FingerFeatures } from './features.js'
import type { MinutiaPairs } from './one-to-one.js'
import { fallingSigmoid } from './sigmoid.js'

/**
 * Local similarity assignment with distortion-tolerant relaxation (LSA-R; Cappelli, Ferrara and Maltoni, TPAMI 2010,
 * §4.2): pairs that fit one rigid motion lend each other weight, others lose it. Constants: the paper's, tables 1 and 2.
 */
const ROUND_COUNT = 5
const SELF_SHARE = 0.5
const DISTANCE = { middle: 5, slope: -8 / 5, reach: 10 } as const
const ANGLE = { middle: Math.PI / 12, slope: -30, reach: 0.55 } as const

const distanceFit = fallingSigmoid(DISTANCE)
const angleFit = fallingSigmoid(ANGLE)
/** Cosine of the greatest angle that `angleFit` does not round to 0. */
const COSINE_MIN = Math.cos(ANGLE.reach)

export class Relaxation {
  /** How well two pairs fit one rigid motion, 0 to 1: row by row with COMPARED_MAX columns; symmetric, diagonal 0. */
  readonly compatibility = new Float64Array(COMPARED_MAX * COMPARED_MAX)
  /** Weight of each pair after relaxation. */
  readonly relaxed = new Float64Array(COMPARED_MAX)
  /** Pairs by relaxed over first weight, greatest first: those that the others support most. */
  readonly bySupport = new Int32Array(COMPARED_MAX)
  readonly #next = new Float64Array(COMPARED_MAX)
  readonly #cosine = new Float64Array(COMPARED_MAX)
  readonly #sine = new Float64Array(COMPARED_MAX)

  /** @returns the LSA-R score: mean relaxed weight of the pairs that the others support most */
  relax(probe: FingerFeatures, reference: FingerFeatures, pairs: MinutiaPairs): number {
    this.#compare(probe, reference, pairs)
    this.#spread(pairs)
    this.#rank(pairs)
    const kept = Math.min(pairs.count, keptCount(Math.min(probe.count, reference.count)))
    let sum = 0
    for (let i = 0; i < kept; i++) sum += this.relaxed[this.bySupport[i]!]!
    return sum / keptCount(Math.min(probe.count, reference.count))
  }

  /** Compatibility of every two pairs. */
  #compare(probe: FingerFeatures, reference: FingerFeatures, pairs: MinutiaPairs): void {
    for (let t = 0; t < pairs.count; t++) {
      const turn = probe.angleRad[pairs.probe[t]!]! - reference.angleRad[pairs.reference[t]!]!
      this.#cosine[t] = Math.cos(turn)
      this.#sine[t] = Math.sin(turn)
      for (let k = 0; k < t; k++) {
        const fit = this.#fit(probe, reference, pairs, t, k)
        this.compatibility[t * COMPARED_MAX + k] = fit
        this.compatibility[k * COMPARED_MAX + t] = fit
      }
      this.compatibility[t * COMPARED_MAX + t] = 0
    }
  }

  /**
   * The product of three: the distances between the two minutiae agree, their directions relative to each other agree,
   * and so does the way from one to the other relative to their directions (mean over both ends, so that it is symmetric).
   */
  #fit(probe: FingerFeatures, reference: FingerFeatures, pairs: MinutiaPairs, t: number, k: number): number {
    const [pt, pk, rt, rk] = [pairs.probe[t]!, pairs.probe[k]!, pairs.reference[t]!, pairs.reference[k]!]
    const px = probe.x[pk]! - probe.x[pt]!
    const py = probe.y[pk]! - probe.y[pt]!
    const rx = reference.x[rk]! - reference.x[rt]!
    const ry = reference.y[rk]! - reference.y[rt]!
    const probeDistance = Math.sqrt(px * px + py * py)
    const referenceDistance = Math.sqrt(rx * rx + ry * ry)
    const stretch = Math.abs(probeDistance - referenceDistance)
    if (stretch >= DISTANCE.reach) return 0
    const [ct, st, ck, sk] = [this.#cosine[t]!, this.#sine[t]!, this.#cosine[k]!, this.#sine[k]!]
    const direction = angleBetween(ct * ck + st * sk, st * ck - ct * sk)
    if (direction >= ANGLE.reach) return 0
    // Turn of the way between the two minutiae from reference to probe, less the turn of either minutia.
    const product = probeDistance * referenceDistance
    if (product === 0) return 0
    const c = (px * rx + py * ry) / product
    const s = (rx * py - ry * px) / product
    const atT = angleBetween(c * ct + s * st, s * ct - c * st)
    const atK = angleBetween(c * ck + s * sk, s * ck - c * sk)
    return (distanceFit(stretch) * angleFit(direction) * (angleFit(atT) + angleFit(atK))) / 2
  }

  #spread(pairs: MinutiaPairs): void {
    const { count, weight } = pairs
    const { compatibility, relaxed } = this
    const next = this.#next
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
    const efficiency = this.#next
    for (let t = 0; t < pairs.count; t++) {
      efficiency[t] = this.relaxed[t]! / pairs.weight[t]!
      let at = t
      for (; at > 0 && efficiency[this.bySupport[at - 1]!]! < efficiency[t]!; at--)
        this.bySupport[at] = this.bySupport[at - 1]!
      this.bySupport[at] = t
    }
  }
}

/** Pairs that the score is the mean of: 4 to 12, by the minutiae of the smaller template (paper, eq. 19; μ 20, τ 2/5). */
export function keptCount(smallerCount: number): number {
  return 4 + Math.round(8 / (1 + Math.exp(-0.4 * (smallerCount - 20))))
}

/** Magnitude in radians of an angle given by cosine and sine; reach or more where it is not small. */
function angleBetween(cosine: number, sine: number): number {
  if (cosine < COSINE_MIN) return ANGLE.reach
  const s = Math.abs(sine)
  return s * (1 + s * s * (1 / 6 + s * s * (3 / 40))) // asin, exact to 1e-3 rad up to 0.55 rad
}
