import { COMPARED_MAX, type FingerFeatures } from './features.js'
import type { MinutiaPairs } from './one-to-one.js'
import { fallingSigmoid } from './sigmoid.js'

/** Where a sigmoid is one half, how steep it falls, and from where on it is taken for 0; constants of the paper, table 1. */
const STRETCH = { middle: 5, slope: -8 / 5, reach: 10 } as const
const TURN = { middle: Math.PI / 12, slope: -30, reach: 0.55 } as const
/**
 * Skin stretches with length, so that minutiae farther apart than the first number (px) may differ by more: by the second
 * for each px. The paper's tolerance is the same at all lengths; chosen on synthetic impressions (models/finger/README.md).
 */
const STRAIN = { fromPx: 50, perPx: 0.01 } as const

const stretchFit = fallingSigmoid(STRETCH)
const turnFit = fallingSigmoid(TURN)
const TURN_COSINE_MIN = Math.cos(TURN.reach)

/**
 * How well any two pairs of minutiae fit one rigid motion (ρ of Cappelli, Ferrara and Maltoni, "Minutia Cylinder-Code",
 * TPAMI 2010, eq. 21): 0 to 1, row by row with COMPARED_MAX columns; symmetric, 0 on the diagonal.
 */
export class Compatibility {
  readonly values = new Float64Array(COMPARED_MAX * COMPARED_MAX)
  /** Cosine and sine of the turn from reference to probe of each pair. */
  readonly #cosine = new Float64Array(COMPARED_MAX)
  readonly #sine = new Float64Array(COMPARED_MAX)

  /** @returns the sum over every two pairs */
  measure(probe: FingerFeatures, reference: FingerFeatures, pairs: MinutiaPairs): number {
    let sum = 0
    for (let t = 0; t < pairs.count; t++) {
      const turn = probe.angleRad[pairs.probe[t]!]! - reference.angleRad[pairs.reference[t]!]!
      this.#cosine[t] = Math.cos(turn)
      this.#sine[t] = Math.sin(turn)
      for (let k = 0; k < t; k++) {
        const fit = this.#fit(probe, reference, pairs, t, k)
        this.values[t * COMPARED_MAX + k] = fit
        this.values[k * COMPARED_MAX + t] = fit
        sum += fit
      }
      this.values[t * COMPARED_MAX + t] = 0
    }
    return sum
  }

  /**
   * The product of three: the distances between the two minutiae agree, their directions relative to each other agree,
   * and so does the way from one to the other relative to their directions (mean over both ends, so that it is symmetric).
   */
  #fit(probe: FingerFeatures, reference: FingerFeatures, pairs: MinutiaPairs, t: number, k: number): number {
    const px = probe.x[pairs.probe[k]!]! - probe.x[pairs.probe[t]!]!
    const py = probe.y[pairs.probe[k]!]! - probe.y[pairs.probe[t]!]!
    const rx = reference.x[pairs.reference[k]!]! - reference.x[pairs.reference[t]!]!
    const ry = reference.y[pairs.reference[k]!]! - reference.y[pairs.reference[t]!]!
    const probeLength = Math.sqrt(px * px + py * py)
    const referenceLength = Math.sqrt(rx * rx + ry * ry)
    const beyond = Math.max(0, (probeLength + referenceLength) / 2 - STRAIN.fromPx)
    const stretch = Math.abs(probeLength - referenceLength) / (1 + STRAIN.perPx * beyond)
    if (stretch >= STRETCH.reach) return 0
    const ct = this.#cosine[t]!
    const st = this.#sine[t]!
    const ck = this.#cosine[k]!
    const sk = this.#sine[k]!
    const apart = angleOf(ct * ck + st * sk, st * ck - ct * sk)
    const product = probeLength * referenceLength
    if (apart >= TURN.reach || product === 0) return 0
    // The turn of the way between the two minutiae from reference to probe, less the turn of either pair.
    const c = (px * rx + py * ry) / product
    const s = (rx * py - ry * px) / product
    const atT = angleOf(c * ct + s * st, s * ct - c * st)
    const atK = angleOf(c * ck + s * sk, s * ck - c * sk)
    return (stretchFit(stretch) * turnFit(apart) * (turnFit(atT) + turnFit(atK))) / 2
  }
}

/** Magnitude in radians of the angle with this cosine and sine; `TURN.reach` where it is not less. */
function angleOf(cosine: number, sine: number): number {
  if (cosine < TURN_COSINE_MIN) return TURN.reach
  const s = Math.abs(sine)
  return s * (1 + s * s * (1 / 6 + s * s * (3 / 40))) // the series of asin: exact to 1e-3 rad up to 0.55 rad
}
