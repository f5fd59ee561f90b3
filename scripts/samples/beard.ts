import type { Surface } from './mesh.js'
import { cellHash, noise } from './noise.js'
import { scatterRoots } from './scatter-roots.js'
import { beardMask } from './beard-mask.js'
import type { Strand } from './strands.js'
import { add, normalize, scale, smoothstep, type Vec3 } from './vec.js'

export interface BeardStyle {
  readonly cut: 'full' | 'goatee' | 'moustache'
  readonly lengthCm: number
  readonly perCm2: number
  readonly colour: Vec3
  readonly grey: number // share of grey hairs
}

const GREY: Vec3 = [0.2, 0.196, 0.19]

export function growBeard(face: Surface, style: BeardStyle): Strand[] {
  return scatterRoots(face, style.perCm2, (x, y, z) => beardDensity(style, x, y, z)).map((root) => {
    const [x, y, z] = root.rest
    const length = style.lengthCm * (0.6 + 0.6 * root.dice) * (y > -3.6 ? 0.75 : 1)
    const sideways = y > -3.8 ? 0.9 * Math.sign(x) * Math.min(1, Math.abs(x)) : 0.1 * x
    const bend = 0.5 * noise(x * 1.8, y * 1.8, z * 1.8)
    const own = cellHash(Math.floor(root.dice * 1e6), 2, 2) - 0.5
    const first = normalize(add(root.normal, [sideways + bend + own * 0.5, -0.8, 0.3 * bend]))
    const then = normalize([sideways * 0.7 - bend + own, -1.4, root.normal[2] * 0.35])
    const middle = add(root.at, scale(first, length * 0.45))
    const colour = cellHash(Math.floor(root.dice * 1e6), 4, 4) < style.grey ? GREY : style.colour
    const points = [root.at, middle, add(middle, scale(then, length * 0.55))]
    return {
      points,
      colour: scale(colour, 0.75 + 0.5 * root.dice),
      rootShade: 0.35,
      opacity: style.lengthCm < 0.4 ? 0.34 : 0.5,
      gloss: 0.4,
      castsShadow: false,
    }
  })
}

/** Density of the beard at a point of the undeformed head, 0..1. */
export function beardDensity(style: BeardStyle, x: number, y: number, z: number): number {
  return beardMask(x, y, z) * cutShare(style.cut, x, y, z)
}

function cutShare(cut: BeardStyle['cut'], x: number, y: number, z: number): number {
  const lip = smoothstep(-4.3, -3.7, y) * smoothstep(3.4, 2.8, Math.abs(x))
  switch (cut) {
    case 'full':
      return 1
    case 'moustache':
      return lip
    case 'goatee':
      return Math.max(lip, smoothstep(3.3, 2.6, Math.abs(x)) * smoothstep(1, 2.2, z))
  }
}
