import { COMPARED_MAX, type FingerFeatures } from './features.js'
import { MinutiaPairs, OneToOne } from './one-to-one.js'
import type { Relaxation } from './relaxation.js'
import { RigidMotion } from './rigid.js'

/** Minutiae of an aligned probe and of the reference are the same at most this far apart (FINGERPRINT.md, §2.5). */
export const PLACE_TOLERANCE_PX = 15
export const DIRECTION_TOLERANCE_RAD = 0.5
/** Pairs that fit the seed at least so well join the first fit. */
const COMPATIBILITY_MIN = 0.3
/** Fit and pair again: the first fit rests on few pairs near the seed. */
const ROUND_COUNT = 2

/** The probe laid over the reference, and which minutiae then lie on each other. */
export class Alignment {
  readonly motion = new RigidMotion()
  /** Weight: 1 where place and direction agree, falling to 0 at the tolerances. */
  readonly pairs = new MinutiaPairs()
  /** Sum of the pairs' weights: how good this alignment is. */
  total = 0
  readonly #weights = new Float64Array(COMPARED_MAX)
  readonly #oneToOne = new OneToOne()

  /** Starts at one relaxed pair and those that fit it. */
  alignAt(
    seed: number,
    candidates: MinutiaPairs,
    relaxation: Relaxation,
    probe: FingerFeatures,
    reference: FingerFeatures,
  ): void {
    for (let t = 0; t < candidates.count; t++) {
      const fit = relaxation.compatibility[seed * COMPARED_MAX + t]!
      this.#weights[t] = t === seed ? 1 : fit > COMPATIBILITY_MIN ? fit : 0
    }
    this.motion.fit(probe, reference, candidates, this.#weights)
    this.#pair(probe, reference)
    for (let round = 1; round < ROUND_COUNT && this.pairs.count > 0; round++) {
      this.motion.fit(probe, reference, this.pairs, this.pairs.weight)
      this.#pair(probe, reference)
    }
  }

  #pair(probe: FingerFeatures, reference: FingerFeatures): void {
    const { cosine, sine, shiftX, shiftY } = this.motion
    const turn = Math.atan2(sine, cosine)
    this.#oneToOne.clear()
    for (let i = 0; i < probe.count; i++) {
      const x = cosine * probe.x[i]! - sine * probe.y[i]! + shiftX
      const y = sine * probe.x[i]! + cosine * probe.y[i]! + shiftY
      const angle = probe.angleRad[i]! + turn
      for (let j = 0; j < reference.count; j++) {
        const dx = reference.x[j]! - x
        if (dx > PLACE_TOLERANCE_PX || dx < -PLACE_TOLERANCE_PX) continue
        const dy = reference.y[j]! - y
        const place = (dx * dx + dy * dy) / (PLACE_TOLERANCE_PX * PLACE_TOLERANCE_PX)
        if (place >= 1) continue
        const direction = Math.abs(wrap(reference.angleRad[j]! - angle)) / DIRECTION_TOLERANCE_RAD
        if (direction >= 1) continue
        this.#oneToOne.offer(i, j, 1 - (place + direction * direction) / 2)
      }
    }
    this.#oneToOne.assign(this.pairs)
    this.total = 0
    for (let i = 0; i < this.pairs.count; i++) this.total += this.pairs.weight[i]!
  }
}

/** To −π … π. */
export function wrap(angleRad: number): number {
  return angleRad - 2 * Math.PI * Math.round(angleRad / (2 * Math.PI))
}
