import { gridMesh, PAINT, PAINT_STRIDE, plainSurface, type Surface } from './mesh.js'
import { clamp, smoothstep, type Vec3 } from './vec.js'

/** Neck and shoulders. Lengths in centimetres, factors around 1. */
export interface Body {
  readonly neckWidth: number
  readonly shoulderWidth: number
  readonly collar: Collar
}
export type Collar = 'crew' | 'vee' | 'shirt' | 'turtleneck'

const ROWS = 60
const COLUMNS = 72
const TOP_CM = -3
const BOTTOM_CM = -36

/** The skin of neck and chest, from inside the skull down. */
export function neckSurface(body: Body): Surface {
  const mesh = gridMesh(ROWS, COLUMNS, true, (row, column) => {
    const y = TOP_CM + ((-24 - TOP_CM) * row) / (ROWS - 1)
    return bodyPoint(body, y, angleOf(column), 0)
  })
  return plainSurface('skin', mesh)
}

/** The garment, a layer over the body with a rolled collar edge and a ribbed band below it. */
export function clothSurface(body: Body): Surface {
  const mesh = gridMesh(ROWS, COLUMNS, true, (row, column) => {
    const angle = angleOf(column)
    const edge = collarHeight(body.collar, angle)
    const t = row / (ROWS - 1)
    const roll = smoothstep(0, 0.07, t) // the first rows turn over the edge
    const y = edge + (BOTTOM_CM - edge) * Math.max(0, t - 0.03) ** 1.3
    const stand = body.collar === 'shirt' ? 0.5 + 0.5 * Math.exp(-((t - 0.09) ** 2) / 0.002) : 0.35
    return bodyPoint(body, y, angle, stand * roll + 0.05 + drape(angle, y))
  })
  const surface = plainSurface('cloth', mesh)
  for (let p = 0; p < ROWS * COLUMNS; p++) {
    const t = Math.floor(p / COLUMNS) / (ROWS - 1)
    surface.paint[PAINT_STRIDE * p + PAINT.hem] = body.collar === 'shirt' ? 0 : smoothstep(0.19, 0.165, t)
  }
  return surface
}

/** Backwards, so that the surface is seen from outside. */
const angleOf = (column: number): number => (-column / COLUMNS) * 2 * Math.PI

/** Where the garment begins, by the angle around the neck (π/2 is the front). */
function collarHeight(collar: Collar, angle: number): number {
  const front = Math.max(0, Math.sin(angle))
  switch (collar) {
    case 'crew':
      return -11.6 - 4.4 * front ** 3
    case 'vee':
      return -11.8 - 3.8 * front ** 3 - 3.4 * front ** 12
    case 'shirt':
      return -11.2 - 2.6 * front ** 2 - 2.5 * front ** 24
    case 'turtleneck':
      return -9.6 - 1.6 * front
  }
}

const drape = (angle: number, y: number): number =>
  0.22 * smoothstep(-15, -22, y) * (Math.sin(angle * 5 + y * 0.25) + 0.6 * Math.sin(angle * 11 - y * 0.4))

/** A point of the body at a height and angle, lifted `lift` off the skin. */
function bodyPoint(body: Body, y: number, angle: number, lift: number): Vec3 {
  const flare = smoothstep(-10.5, -18, y)
  const chest = smoothstep(-14, -25, y)
  const slope = clamp((-y - 9.5) / 8.5, 0, 1) ** 1.6
  const halfWidth =
    body.neckWidth * (5.3 + 0.5 * smoothstep(-6, -12, y)) + body.shoulderWidth * (5 * slope + 10.5 * flare ** 2)
  const halfDepth = body.neckWidth * 6 + 1.2 * flare + 3.5 * chest
  const centreZ = -5.2 - 1.4 * smoothstep(-9, -15, y) + 1.2 * chest
  const [c, s] = [Math.cos(angle), Math.sin(angle)]
  const power = 0.9 - 0.2 * flare
  const x = Math.sign(c) * Math.abs(c) ** power * (halfWidth + lift)
  const throat = s > 0 ? neckRelief(x, y) : 0
  return [x, y, centreZ + Math.sign(s) * Math.abs(s) ** power * (halfDepth + lift + throat)]
}

/** Windpipe, the two neck muscles that run to the breastbone, the collarbones and the notch between them. */
function neckRelief(x: number, y: number): number {
  const muscleX = 1.3 + 0.55 * clamp(y + 16.5, 0, 9)
  const muscle = 0.45 * Math.exp(-(((Math.abs(x) - muscleX) / 1) ** 2)) * smoothstep(-17.5, -15.5, y)
  const windpipe = 0.35 * Math.exp(-((x / 1.5) ** 2)) * smoothstep(-17, -13, y)
  const notch = -0.7 * Math.exp(-((x / 1.3) ** 2) - ((y + 17) / 1.1) ** 2)
  const bone = 0.55 * Math.exp(-(((y + 17.4 - 0.12 * Math.abs(x)) / 0.7) ** 2)) * smoothstep(0.8, 2.5, Math.abs(x))
  return muscle + windpipe + notch + bone
}
