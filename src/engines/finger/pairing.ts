import { wrap } from './angles.js'
import { COMPARED_MAX, type FingerFeatures } from './features.js'
import type { MinutiaPairs, OneToOne } from './one-to-one.js'
import type { Placement } from './placement.js'

/** A placed minutia and one of the reference are the same at most this far apart (FINGERPRINT.md, §2.5). */
export const PLACE_TOLERANCE_PX = 15
export const DIRECTION_TOLERANCE_RAD = 0.5

/** Which of the probe's minutiae lie on which of the reference's. */
export class Pairing {
  /** The reference's x, ascending, and whose they are: only those within the tolerance are looked at. */
  readonly #x = new Float64Array(COMPARED_MAX)
  readonly #oneToOne: OneToOne
  #reference: FingerFeatures | null = null

  constructor(oneToOne: OneToOne) {
    this.#oneToOne = oneToOne
  }

  /** Must be called before the first `pair` of a comparison. */
  takeReference(reference: FingerFeatures): void {
    this.#reference = reference
    for (let n = 0; n < reference.count; n++) this.#x[n] = reference.x[reference.byX[n]!]!
  }

  /** Into `pairs`; weight 1 where place and direction agree, falling towards 0 at the tolerances. */
  pair(probe: FingerFeatures, placement: Placement, pairs: MinutiaPairs): void {
    this.#oneToOne.clear()
    for (let i = 0; i < probe.count; i++) this.#offer(i, placement.x[i]!, placement.y[i]!, placement.angleRad[i]!)
    this.#oneToOne.assign(pairs)
  }

  #offer(i: number, x: number, y: number, angleRad: number): void {
    const reference = this.#reference!
    const count = reference.count
    for (let n = this.#firstFrom(x - PLACE_TOLERANCE_PX, count); n < count; n++) {
      const dx = this.#x[n]! - x
      if (dx > PLACE_TOLERANCE_PX) return
      const j = reference.byX[n]!
      const dy = reference.y[j]! - y
      const place = (dx * dx + dy * dy) / (PLACE_TOLERANCE_PX * PLACE_TOLERANCE_PX)
      if (place >= 1) continue
      const direction = Math.abs(wrap(reference.angleRad[j]! - angleRad)) / DIRECTION_TOLERANCE_RAD
      if (direction < 1) this.#oneToOne.offer(i, j, 1 - (place + direction * direction) / 2)
    }
  }

  /** Place of the first x that is not less. */
  #firstFrom(x: number, count: number): number {
    let [low, high] = [0, count]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#x[middle]! < x) low = middle + 1
      else high = middle
    }
    return low
  }
}
