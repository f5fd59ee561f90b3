import type { FingerFeatures } from './features.js'
import type { MinutiaPairs } from './one-to-one.js'

/**
 * A direction counts like a point this far (squared) from the minutia: with errors of 4 px in place and 7° (0.12 rad) in
 * direction the most likely turn weighs a radian of direction as 4 / 0.12 ≈ 33 px.
 */
const DIRECTION_SQUARE_PX = 33 * 33

/** A turn and a shift that take the probe to the reference: x' = c·x − s·y + tx, y' = s·x + c·y + ty. */
export class RigidMotion {
  cosine = 1
  sine = 0
  shiftX = 0
  shiftY = 0

  /**
   * The motion of least weighted squared error over pairs (Umeyama, TPAMI 1991, without scale: 500 dpi is 500 dpi),
   * directions counting beside places: one pair alone still says how far to turn.
   * @param weights of each pair, 0 or more, not all 0
   */
  fit(probe: FingerFeatures, reference: FingerFeatures, pairs: MinutiaPairs, weights: Float64Array): void {
    let sum = 0
    let px = 0
    let py = 0
    let rx = 0
    let ry = 0
    for (let t = 0; t < pairs.count; t++) {
      const w = weights[t]!
      sum += w
      px += w * probe.x[pairs.probe[t]!]!
      py += w * probe.y[pairs.probe[t]!]!
      rx += w * reference.x[pairs.reference[t]!]!
      ry += w * reference.y[pairs.reference[t]!]!
    }
    this.#turn(probe, reference, pairs, weights, { px: px / sum, py: py / sum, rx: rx / sum, ry: ry / sum })
    this.shiftX = (rx - this.cosine * px + this.sine * py) / sum
    this.shiftY = (ry - this.sine * px - this.cosine * py) / sum
  }

  #turn(
    probe: FingerFeatures,
    reference: FingerFeatures,
    pairs: MinutiaPairs,
    weights: Float64Array,
    centre: { readonly px: number; readonly py: number; readonly rx: number; readonly ry: number },
  ): void {
    let c = 0
    let s = 0
    for (let t = 0; t < pairs.count; t++) {
      const w = weights[t]!
      if (w === 0) continue
      const i = pairs.probe[t]!
      const j = pairs.reference[t]!
      const ax = probe.x[i]! - centre.px
      const ay = probe.y[i]! - centre.py
      const bx = reference.x[j]! - centre.rx
      const by = reference.y[j]! - centre.ry
      const turn = reference.angleRad[j]! - probe.angleRad[i]!
      c += w * (ax * bx + ay * by + DIRECTION_SQUARE_PX * Math.cos(turn))
      s += w * (ax * by - ay * bx + DIRECTION_SQUARE_PX * Math.sin(turn))
    }
    const norm = Math.sqrt(c * c + s * s)
    this.cosine = norm > 0 ? c / norm : 1
    this.sine = norm > 0 ? s / norm : 0
  }
}
