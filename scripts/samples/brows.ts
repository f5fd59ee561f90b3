import type { Surface } from './mesh.js'
import { cellHash, noise } from './noise.js'
import { scatterRoots } from './scatter-roots.js'
import type { Strand } from './strands.js'
import { add, clamp, normalize, scale, type Vec3 } from './vec.js'

/** How the eyebrows are built. */
export interface BrowStyle {
  readonly thickness: number // about 1
  readonly density: number // 0..1
  readonly arch: number // −1 straight .. 1 arched
  readonly colour: Vec3
  readonly seed: number
}

/** The brow's middle line over the undeformed head and half its thickness, from the nose outwards. */
const LINE: readonly (readonly [x: number, y: number, half: number])[] = [
  [1.2, 4.42, 0.3],
  [1.9, 4.6, 0.36],
  [2.8, 4.78, 0.32],
  [3.8, 4.82, 0.27],
  [4.7, 4.58, 0.2],
  [5.45, 4.1, 0.09],
]

export function growBrows(face: Surface, style: BrowStyle): Strand[] {
  return scatterRoots(face, 230 * style.density, (x, y, z) => (z > 0 ? browDensity(style, Math.abs(x), y) : 0)).map(
    (root) => {
      const side = Math.sign(root.rest[0])
      const t = clamp((Math.abs(root.rest[0]) - 1.2) / 4.2, 0, 1)
      const below = root.rest[1] < browAt(style, Math.abs(root.rest[0])).y
      const rise = 1.3 * (1 - t) ** 2 + (below ? 0.35 : -0.25) - 0.5 * t + 0.5 * (root.dice - 0.5)
      const along = normalize([side, rise, -0.2])
      const reach = (0.42 + 0.3 * cellHash(Math.floor(root.dice * 1e6), 3, 3)) * (1 - 0.35 * t)
      const middle = add(root.at, add(scale(along, 0.5 * reach), scale(root.normal, 0.06)))
      const tip = add(root.at, add(scale(normalize(add(along, [0, -0.25, 0])), reach), scale(root.normal, 0.05)))
      return {
        points: [root.at, middle, tip],
        colour: style.colour,
        rootShade: 0,
        opacity: 0.52,
        gloss: 0.04,
        castsShadow: false,
      }
    },
  )
}

function browAt(style: BrowStyle, x: number): { y: number; half: number } {
  const arch = style.arch * 0.28 * (Math.exp(-(((x - 3.9) / 1.2) ** 2)) - 0.5 * Math.exp(-(((x - 1.4) / 1) ** 2)))
  for (let i = 1; i < LINE.length; i++) {
    const [x1, y1, h1] = LINE[i]!
    const [x0, y0, h0] = LINE[i - 1]!
    if (x > x1) continue
    const t = (x - x0) / (x1 - x0)
    return { y: y0 + (y1 - y0) * t + arch, half: (h0 + (h1 - h0) * t) * 1.2 * style.thickness }
  }
  return { y: 0, half: 0 }
}

/** Density of the brow's hairs at a point of the undeformed head, 0..1; x is the distance from the middle. */
export function browDensity(style: BrowStyle, x: number, y: number): number {
  if (x < 1.05 || x > 5.5) return 0
  const { y: middle, half } = browAt(style, x)
  const off = Math.abs(y - middle) / half
  const start = clamp((x - 1.05) / 0.5, 0.15, 1)
  return off > 1.15 ? 0 : start * (1 - 0.75 * clamp(off - 0.4, 0, 1)) * (0.85 + 0.4 * noise(x * 3, y * 6, style.seed))
}
