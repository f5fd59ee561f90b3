import { cellHash } from './noise.js'
import { clamp, length, type Vec3 } from './vec.js'

const ROWS = 48
const COLUMNS = 96
const CENTRE: Vec3 = [0, 2.5, -4]

/** How far the head reaches in every direction from its middle: what hair lies on. */
export class SkullField {
  readonly #radius = new Float32Array(ROWS * COLUMNS)

  constructor(points: Float64Array) {
    for (let i = 0; i < points.length; i += 3) {
      const offset: Vec3 = [points[i]! - CENTRE[0], points[i + 1]! - CENTRE[1], points[i + 2]! - CENTRE[2]]
      const cell = cellOf(offset)
      this.#radius[cell] = Math.max(this.#radius[cell]!, length(offset))
    }
    for (let cell = 0; cell < this.#radius.length; cell++)
      if (this.#radius[cell] === 0) this.#radius[cell] = 8 + cellHash(cell, 0, 0) * 0.01
  }

  /** Lifts a point to at least `clearanceCm` over the head, and out of the neck. */
  lift(point: Vec3, clearanceCm: number): Vec3 {
    const offset: Vec3 = [point[0] - CENTRE[0], point[1] - CENTRE[1], point[2] - CENTRE[2]]
    const distance = length(offset)
    const wanted = this.#radius[cellOf(offset)]! + clearanceCm
    const factor = distance < wanted && point[1] > -9 ? wanted / distance : 1
    const lifted: Vec3 = [
      CENTRE[0] + offset[0] * factor,
      CENTRE[1] + offset[1] * factor,
      CENTRE[2] + offset[2] * factor,
    ]
    return point[1] < -3 ? outOfNeck(lifted, clearanceCm) : lifted
  }
}

function cellOf([x, y, z]: Vec3): number {
  const size = Math.sqrt(x * x + y * y + z * z) || 1
  const row = clamp(Math.floor((Math.acos(clamp(y / size, -1, 1)) / Math.PI) * ROWS), 0, ROWS - 1)
  const column = clamp(Math.floor((Math.atan2(z, x) / (2 * Math.PI) + 0.5) * COLUMNS), 0, COLUMNS - 1)
  return row * COLUMNS + column
}

/** The neck is an upright tube that widens into the shoulders; hair falls before or behind it. */
function outOfNeck([x, y, z]: Vec3, clearanceCm: number): Vec3 {
  const widening = Math.max(0, -11 - y)
  const [rx, rz] = [6.1 + clearanceCm + 0.9 * widening, 6.3 + clearanceCm + 0.35 * widening]
  const reach = Math.hypot(x / rx, (z + 5.4) / rz)
  return reach >= 1 || reach === 0 ? [x, y, z] : [x / reach, y, (z + 5.4) / reach - 5.4]
}
