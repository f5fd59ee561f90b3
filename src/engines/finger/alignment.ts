import { COMPARED_MAX, type FingerFeatures } from './features.js'
import { MinutiaPairs, type OneToOne } from './one-to-one.js'
import { Pairing } from './pairing.js'
import { Placement } from './placement.js'
import type { Relaxation } from './relaxation.js'
import { RigidMotion } from './rigid.js'

/** Candidates that fit the seed at least so well join the first fit (FINGERPRINT.md, §2.5). */
const COMPATIBILITY_MIN = 0.3
/** The first fit rests on few pairs near the seed: fit again to all that it brought together, and then follow the skin. */
const BEND_COUNT = 2

/** The probe laid over the reference, and which minutiae then lie on each other. */
export class Alignment {
  readonly motion = new RigidMotion()
  readonly placement = new Placement()
  readonly pairs = new MinutiaPairs()
  readonly #pairing: Pairing
  readonly #weights = new Float64Array(COMPARED_MAX)

  constructor(oneToOne: OneToOne) {
    this.#pairing = new Pairing(oneToOne)
  }

  takeReference(reference: FingerFeatures): void {
    this.#pairing.takeReference(reference)
  }

  /**
   * `fit to the seed and what agrees with it → pair → fit → pair → bend → pair → bend → pair`
   * @param seed one of the relaxed candidates
   */
  alignAt(
    seed: number,
    candidates: MinutiaPairs,
    { compatibility }: Relaxation,
    probe: FingerFeatures,
    reference: FingerFeatures,
  ): void {
    for (let t = 0; t < candidates.count; t++) {
      const fit = compatibility.values[seed * COMPARED_MAX + t]!
      this.#weights[t] = t === seed ? 1 : fit > COMPATIBILITY_MIN ? fit : 0
    }
    this.#lay(probe, reference, candidates, this.#weights, false)
    this.#lay(probe, reference, this.pairs, this.pairs.weight, false)
    for (let bend = 0; bend < BEND_COUNT; bend++) this.#lay(probe, reference, this.pairs, this.pairs.weight, true)
  }

  #lay(
    probe: FingerFeatures,
    reference: FingerFeatures,
    pairs: MinutiaPairs,
    weights: Float64Array,
    bends: boolean,
  ): void {
    if (pairs.count === 0) return // nothing came together, and nothing will
    this.motion.fit(probe, reference, pairs, weights)
    this.placement.move(probe, this.motion)
    if (bends) this.placement.bend(probe, reference, pairs)
    this.#pairing.pair(probe, this.placement, this.pairs)
  }
}
