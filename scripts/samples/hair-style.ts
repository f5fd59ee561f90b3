import { cellHash, fractal, noise } from './noise.js'
import { smoothstep, type Vec3 } from './vec.js'

/** A haircut. Lengths in centimetres. */
export interface HairStyle {
  readonly topCm: number
  readonly sideCm: number
  readonly backCm: number
  readonly fringeCm: number // hair at the forehead's edge
  readonly parting: number | undefined // x of the parting on the undeformed head; undefined: combed by `combBack`
  readonly combBack: number // −1 forwards into the forehead .. 1 straight back
  readonly lift: number // how steeply hair leaves the scalp, 0..1
  readonly gravity: number
  readonly curlCm: number // radius of the curls, 0 for straight hair
  readonly curlTurnsPerCm: number
  readonly frizz: number
  readonly tied: boolean // gathered behind the head
  readonly recede: number // how far the hairline has gone back, 0..1
  readonly bald: number // thinning of the crown, 0..1
  readonly colour: Vec3
  readonly grey: number // share of grey hairs
  readonly perCm2: number
  readonly seed: number
}

/** How far forward hair grows at each height of the undeformed head: the outline of forehead, temple and sideburn. */
const HAIRLINE: readonly (readonly [y: number, z: number])[] = [
  [-7.5, -9],
  [-5.5, -6.2],
  [-2.6, -5.4],
  [-0.6, -5],
  [-0.5, -1.9],
  [0.6, -1.15],
  [2.6, -0.35],
  [4.6, 0.75],
  [6.2, 1.35],
  [7.4, 2.35],
  [8, 3.3],
  [8.5, 4.9],
  [9.2, 9],
  [20, 9],
]

/** Density of hair at a point of the undeformed head, 0..1. */
export function scalpDensity(style: HairStyle, x: number, y: number, z: number): number {
  if (Math.abs(x) > 20 || y < -8 || (z > 1.5 && y < 6)) return 0
  const high = smoothstep(5.5, 8, y)
  const corner = Math.exp(-(((Math.abs(x) - 3.9) / 1.5) ** 2)) * smoothstep(5, 7, y)
  const rounded = 1.3 * (1 - style.recede) * smoothstep(3.6, 6, Math.abs(x)) + 1.2 * (cellHash(style.seed, 1, 1) - 0.5)
  const ragged = 0.35 * noise(x * 1.1, y * 1.1, style.seed) * (0.4 + high)
  const edge = hairlineZ(y) + high * rounded - style.recede * (3.2 * high + 2.6 * corner) + ragged
  const grown = smoothstep(-0.15, 0.75, edge - z + 0.25 * noise(x * 4, y * 4, z * 4))
  const crown = smoothstep(8, 10.2, y + 0.4 * Math.max(0, z + 1.5) + 0.5 * fractal(x * 0.4, y * 0.4, z * 0.4, 2))
  return grown * (1 - style.bald * crown)
}

function hairlineZ(y: number): number {
  for (let i = 1; i < HAIRLINE.length; i++) {
    const [y1, z1] = HAIRLINE[i]!
    const [y0, z0] = HAIRLINE[i - 1]!
    if (y <= y1) return z0 + ((z1 - z0) * Math.max(0, y - y0)) / (y1 - y0)
  }
  return 9
}

/** Length of the hair that grows at a point of the undeformed head. */
export function hairLength(style: HairStyle, x: number, y: number, z: number): number {
  const top = smoothstep(5.5, 10.5, y + 0.1 * noise(x, y, z))
  const back = smoothstep(-3, -8, z)
  const front = smoothstep(-0.5, 1.8, z) * smoothstep(4.5, 7.5, y)
  const low = style.sideCm + (style.backCm - style.sideCm) * back
  const upper = style.topCm + (style.fringeCm - style.topCm) * front
  return (
    (low + (upper - low) * Math.max(top, front)) *
    (0.82 + 0.3 * fractal(x * 0.7 + style.seed, y * 0.7, z * 0.7, 2) + 0.12 * noise(x * 5, y * 5, z * 5))
  )
}

const KNOT_Y_CM = 3 // where tied hair is gathered

/** Which way hair lies at a point of the head: not of unit length where several ways compete. */
export function combDirection(style: HairStyle, [x, y, z]: Vec3): Vec3 {
  const top = smoothstep(4, 9, y)
  if (style.tied) return [-0.06 * x, 0.09 * (KNOT_Y_CM - y) * (1 - 0.7 * top), -1.2]
  const sideways =
    style.parting === undefined
      ? 0.12 * x
      : Math.sign(x - style.parting) *
        (style.topCm < 8 ? 0.6 : 1) *
        (1 - 0.4 * smoothstep(0, 9, Math.abs(x - style.parting)))
  // Long hair is kept out of the face: parted to either side, or swept back.
  const curtain =
    style.sideCm > 8 ? smoothstep(9.5, 6.5, y) * smoothstep(-1.5, 1.5, z) * smoothstep(8.5, 7, Math.abs(x)) : 0
  const away = Math.sign(x - (style.parting ?? 0)) * 2.2 * curtain
  const swirl = 0.35 * noise(x * 0.35, y * 0.35, z * 0.35 + style.seed)
  return [
    sideways * top * top + away + swirl,
    -1 + 0.85 * top,
    -style.combBack * (0.35 + 0.65 * top) - 0.15 - 1.2 * curtain + swirl,
  ]
}
