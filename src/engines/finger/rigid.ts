import type { FingerFeatures } from './features.js'
import type { MinutiaPairs } from './one-to-one.js'

/** A turn and a shift that take the probe to the reference: x' = c·x − s·y + tx, y' = s·x + c·y + ty. */
export class RigidMotion {
  cosine = 1
  sine = 0
  shiftX = 0
  shiftY = 0

  /**
   * The motion of least weighted squared error over pairs (Umeyama, TPAMI 1991, without scale: 500 dpi is 500 dpi),
   * directions counting with the pairs' places: a pair alone still says how far to turn.
   * @param weights of each pair, 0 or more, not all 0
   */
  fit(probe: FingerFeatures, reference: FingerFeatures, pairs: MinutiaPairs, weights: Float64Array): void {
    let [sum, px, py, rx, ry] = [0, 0, 0, 0, 0]
    for (let i = 0; i < pairs.count; i++) {
      const [w, p, r] = [weights[i]!, pairs.probe[i]!, pairs.reference[i]!]
      sum += w
      px += w * probe.x[p]!
      py += w * probe.y[p]!
      rx += w * reference.x[r]!
      ry += w * reference.y[r]!
    }
    ;[px, py, rx, ry] = [px / sum, py / sum, rx / sum, ry / sum]
    let [c, s] = [0, 0]
    for (let i = 0; i < pairs.count; i++) {
      const [w, p, r] = [weights[i]!, pairs.probe[i]!, pairs.reference[i]!]
      if (w === 0) continue
      const [ax, ay, bx, by] = [probe.x[p]! - px, probe.y[p]! - py, reference.x[r]! - rx, reference.y[r]! - ry]
      const turn = reference.angleRad[r]! - probe.angleRad[p]!
      c += w * (ax * bx + ay * by + DIRECTION_SQUARE_PX * Math.cos(turn))
      s += w * (ax * by - ay * bx + DIRECTION_SQUARE_PX * Math.sin(turn))
    }
    const norm = Math.sqrt(c * c + s * s)
    this.cosine = norm > 0 ? c / norm : 1
    this.sine = norm > 0 ? s / norm : 0
    this.shiftX = rx - this.cosine * px + this.sine * py
    this.shiftY = ry - this.sine * px - this.cosine * py
  }
}

/**
 * A direction counts like a point this far (squared) from the minutia: with errors of 4 px in place and 7° (0.12 rad) in
 * direction the most likely turn weighs a radian of direction as 4 / 0.12 ≈ 33 px.
 */
const DIRECTION_SQUARE_PX = 33 * 33
