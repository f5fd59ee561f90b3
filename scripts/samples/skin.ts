import { beardMask } from './beard-mask.js'
import { skinBase, type Complexion } from './complexion.js'
import { creaseDepth, type CreaseAmounts } from './creases.js'
import { cellHash, fractal, noise } from './noise.js'
import type { Texel } from './texel.js'
import { smoothstep, type Vec3 } from './vec.js'

const blob = (x: number, y: number, cx: number, cy: number, rx: number, ry: number): number =>
  Math.exp(-(((Math.abs(x) - cx) / rx) ** 2) - ((y - cy) / ry) ** 2)

/** Paints skin at any point of the undeformed head: tone, blood, marks, stubble, lips, and the fine relief. */
export class SkinPaint {
  readonly #base: Vec3

  constructor(
    readonly complexion: Complexion,
    readonly creases: CreaseAmounts,
  ) {
    this.#base = skinBase(complexion.melanin)
  }

  at(x: number, y: number, z: number, lip: number, inside: number): Texel {
    const lipness = smoothstep(0.6, 0.98, lip + 0.03 * noise(x * 5, y * 5, 3))
    const depth = creaseDepth(x, y, z, this.creases)
    const oily =
      z > 0 ? 0.8 * blob(x, y, 0, 6, 3, 2) + blob(x, y, 0, 0.3, 0.9, 2.4) + 0.6 * blob(x, y, 4.4, 0.6, 1.4, 1) : 0
    return {
      albedo: this.#albedo(x, y, z, lipness, Math.max(inside, nostril(x, y, z)), depth),
      roughness: lipness > 0.5 ? 0.36 : 0.5 - 0.1 * this.complexion.shine * oily + 0.04 * noise(x * 3, y * 3, z * 3),
      specular:
        Math.max(0, 1 - 3 * inside) *
        (0.35 + 0.65 * smoothstep(-13, -9, y)) *
        (lipness > 0.5 ? 0.8 : 0.38 + 0.5 * this.complexion.shine * oily),
      bump: this.#bump(x, y, z, lipness),
    }
  }

  #albedo(x: number, y: number, z: number, lipness: number, inside: number, depth: number): Vec3 {
    const { melanin, redness, stubble, texture, seed } = this.complexion
    const front = smoothstep(-1, 2, z)
    const blotch = fractal(x * 0.55 + seed, y * 0.55, z * 0.55, 3)
    const mottle = fractal(x * 3.1, y * 3.1 + seed, z * 3.1, 3)
    const ear = Math.abs(x) > 20 ? 0.7 : 0
    const flush = 0.62 * redness * (ear + front * blush(x, y))
    const blood = flush * (0.75 + 0.5 * blotch) + 0.3 * redness * (0.35 * blotch + 0.35 * mottle) + 1.2 * depth
    const shade = front * (0.35 + 0.4 * melanin) * hollows(x, y)
    const beard = stubble === 0 ? 0 : stubble * beardMask(x, y, z) * (0.7 + 0.3 * noise(x * 9, y * 9, z * 9))
    const dark =
      melanin * 0.12 * (blotch + 0.5 * mottle) + (0.05 + texture * 0.08) * mottle + this.#marks(x, y, z) + 1.1 * shade
    const lipDark = lipness * (0.15 + 0.35 * melanin)
    const r = this.#base[0] * Math.exp(-0.06 * blood - 0.85 * dark - 0.85 * beard - lipDark * 0.35 - 1.7 * inside)
    const g =
      this.#base[1] *
      Math.exp(-0.52 * blood - 1.05 * dark - 0.75 * beard - lipDark - lipness * this.#lipRed() - 2.6 * inside)
    const b =
      this.#base[2] *
      Math.exp(-0.46 * blood - 1.2 * dark - 0.66 * beard - lipDark - lipness * 0.7 * this.#lipRed() - 2.6 * inside)
    return [r, g, b]
  }

  #lipRed(): number {
    return 0.3 + 0.9 * this.complexion.lipColour - 0.1 * this.complexion.melanin
  }

  /** Freckles over nose and cheeks, moles and age spots anywhere: darkness in units of melanin. */
  #marks(x: number, y: number, z: number): number {
    const { freckles, spots, seed } = this.complexion
    const field = smoothstep(-3, 3, z) * (0.25 + blob(x, y, 2.6, 0, 2.8, 1.8))
    const small = freckles > 0 ? freckles * field * spot(x, y, z + seed, 0.26, 0.55) : 0
    const large = spots > 0 ? 0.8 * spot(x + 50, y + seed, z, 2.3, 0.16 * spots) : 0
    return 0.55 * small + large
  }

  #bump(x: number, y: number, z: number, lipness: number): Vec3 {
    const step = 0.04
    const here = this.#relief(x, y, z, lipness)
    return [
      (this.#relief(x + step, y, z, lipness) - here) / step,
      (this.#relief(x, y + step, z, lipness) - here) / step,
      (this.#relief(x, y, z + step, lipness) - here) / step,
    ]
  }

  /** Fine relief in centimetres: folds, pores and the fine furrows of lips. */
  #relief(x: number, y: number, z: number, lipness: number): number {
    const { texture, seed } = this.complexion
    if (lipness > 0.5) return 0.012 * noise(x * 9, y * 1.5, seed)
    const pores = 0.005 * noise(x * 8.5, y * 8.5, z * 8.5 + seed) + 0.006 * noise(x * 4, y * 4 + seed, z * 4)
    return (
      (0.45 + texture) * pores + 0.035 * texture * noise(x * 1.3, y * 1.3, z * 1.3) - creaseDepth(x, y, z, this.creases)
    )
  }
}

/** Where blood shows: cheeks, the tip of the nose, the chin. */
const blush = (x: number, y: number): number =>
  0.9 * blob(x, y, 4.3, -0.6, 1.6, 1.6) + 0.9 * blob(x, y, 0, -0.6, 1.4, 0.9) + 0.35 * blob(x, y, 0, -8, 1.5, 1.2)

/** Where skin is thin and dark: under the eyes, on the lids, under the lip. */
const hollows = (x: number, y: number): number =>
  0.3 * blob(x, y, 2.9, 1.75, 1.1, 0.45) + 0.22 * blob(x, y, 3.1, 3.1, 1.3, 0.35) + 0.16 * blob(x, y, 0, -5.9, 1.6, 0.4)

/** The dark of the nostrils, 0..1. */
function nostril(x: number, y: number, z: number): number {
  return 0.8 * smoothstep(1, 0.45, Math.hypot((Math.abs(x) - 0.76) / 0.5, (y + 1.78) / 0.42, (z - 6.1) / 0.75))
}

/** Round spots of one per cell at most, `share` of the cells having one; 0..1. */
function spot(x: number, y: number, z: number, cellCm: number, share: number): number {
  const [cx, cy, cz] = [Math.floor(x / cellCm), Math.floor(y / cellCm), Math.floor(z / cellCm)]
  if (cellHash(cx, cy, cz + 9) > share) return 0
  const [dx, dy] = [
    x / cellCm - cx - 0.3 - 0.4 * cellHash(cx, cy, cz + 1),
    y / cellCm - cy - 0.3 - 0.4 * cellHash(cx, cy, cz + 2),
  ]
  const radius = 0.04 + (0.14 * cellHash(cx, cy, cz + 3)) / Math.max(1, cellCm) + (cellCm < 1 ? 0.12 : 0)
  return 1 - smoothstep(radius * 0.5, radius, Math.hypot(dx, dy))
}
