import { COMPARED_MAX, type FingerFeatures } from './features.js'
import type { MinutiaPairs } from './one-to-one.js'
import type { RigidMotion } from './rigid.js'

/** Pairs this far from a minutia say a quarter as much about how the skin is dragged there as pairs beside it. */
const DRAG_REACH_PX = 60
/** No drag counts as much as one perfect pair: few or far pairs bend little. */
const RIGID_WEIGHT = 1

/** Where the probe's minutiae come to lie on the reference. */
export class Placement {
  readonly x = new Float64Array(COMPARED_MAX)
  readonly y = new Float64Array(COMPARED_MAX)
  readonly angleRad = new Float64Array(COMPARED_MAX)
  readonly #dragX = new Float64Array(COMPARED_MAX)
  readonly #dragY = new Float64Array(COMPARED_MAX)

  move(probe: FingerFeatures, { cosine, sine, shiftX, shiftY }: RigidMotion): void {
    const turn = Math.atan2(sine, cosine)
    for (let i = 0; i < probe.count; i++) {
      this.x[i] = cosine * probe.x[i]! - sine * probe.y[i]! + shiftX
      this.y[i] = sine * probe.x[i]! + cosine * probe.y[i]! + shiftY
      this.angleRad[i] = probe.angleRad[i]! + turn
    }
  }

  /**
   * Follows the drag of the skin: each minutia goes along with what rigid motion left over at the pairs around it, its own
   * pair excepted, so that what then lies on each other is evidence and not a consequence.
   */
  bend(probe: FingerFeatures, reference: FingerFeatures, pairs: MinutiaPairs): void {
    for (let t = 0; t < pairs.count; t++) {
      this.#dragX[t] = reference.x[pairs.reference[t]!]! - this.x[pairs.probe[t]!]!
      this.#dragY[t] = reference.y[pairs.reference[t]!]! - this.y[pairs.probe[t]!]!
    }
    for (let i = 0; i < probe.count; i++) {
      let sum = RIGID_WEIGHT
      let dragX = 0
      let dragY = 0
      for (let t = 0; t < pairs.count; t++) {
        const p = pairs.probe[t]!
        if (p === i) continue
        const dx = probe.x[p]! - probe.x[i]!
        const dy = probe.y[p]! - probe.y[i]!
        const fading = 1 + (dx * dx + dy * dy) / (DRAG_REACH_PX * DRAG_REACH_PX)
        const weight = pairs.weight[t]! / (fading * fading)
        sum += weight
        dragX += weight * this.#dragX[t]!
        dragY += weight * this.#dragY[t]!
      }
      this.x[i]! += dragX / sum
      this.y[i]! += dragY / sum
    }
  }
}
