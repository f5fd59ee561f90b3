import { cellHash } from './noise.js'
import { add, cross, length, normalize, scale, sub, type Vec3 } from './vec.js'

/** A depth map seen from a lamp, over a square around head and shoulders. */
export interface ShadowMap {
  readonly depth: Float32Array
  readonly right: Vec3
  readonly up: Vec3
  readonly toward: Vec3
}

const SIZE = 640
const SPAN_CM = 64
const CENTRE_Y_CM = -6
const TAPS = 10
const BIAS_CM = 0.16

export function emptyShadowMap(toward: Vec3): ShadowMap {
  const right = normalize(cross([0, 1, 0], toward))
  const depth = new Float32Array(SIZE * SIZE).fill(-Infinity)
  return { depth, right, up: normalize(cross(toward, right)), toward }
}

const column = (map: ShadowMap, x: number, y: number, z: number): number =>
  ((x * map.right[0] + (y - CENTRE_Y_CM) * map.right[1] + z * map.right[2]) / SPAN_CM + 0.5) * SIZE
const row = (map: ShadowMap, x: number, y: number, z: number): number =>
  ((x * map.up[0] + (y - CENTRE_Y_CM) * map.up[1] + z * map.up[2]) / SPAN_CM + 0.5) * SIZE
const nearness = (map: ShadowMap, x: number, y: number, z: number): number =>
  x * map.toward[0] + (y - CENTRE_Y_CM) * map.toward[1] + z * map.toward[2]

/** Lets one point cast its shadow; meshes and hairs are fine enough to be cast point by point. */
export function castPoint(map: ShadowMap, [x, y, z]: Vec3, spread: 0 | 1): void {
  const c = Math.floor(column(map, x, y, z))
  const r = Math.floor(row(map, x, y, z))
  if (c < 1 || r < 1 || c > SIZE - 2 || r > SIZE - 2) return
  const near = nearness(map, x, y, z)
  for (let dr = -spread; dr <= spread; dr++) {
    for (let dc = -spread; dc <= spread; dc++) {
      const cell = (r + dr) * SIZE + c + dc
      if (near > map.depth[cell]!) map.depth[cell] = near
    }
  }
}

/** Casts triangles: each is sampled so densely that no cell of the map stays open. */
export function castTriangle(map: ShadowMap, a: Vec3, b: Vec3, c: Vec3): void {
  const reach = Math.max(length(sub(b, a)), length(sub(c, a)))
  const steps = Math.ceil((reach * SIZE) / SPAN_CM / 1.6)
  for (let i = 0; i <= steps; i++) {
    for (let j = 0; i + j <= steps; j++) {
      castPoint(map, add(a, add(scale(sub(b, a), i / (steps || 1)), scale(sub(c, a), j / (steps || 1)))), 1)
    }
  }
}

/** How much of the lamp reaches a point, 0..1: percentage-closer filtering over a disc as wide as the penumbra. */
export function lit(map: ShadowMap, [x, y, z]: Vec3, penumbraCm: number, pixel: number): number {
  const c = column(map, x, y, z)
  const r = row(map, x, y, z)
  const near = nearness(map, x, y, z) + BIAS_CM
  const spin = cellHash(pixel, 7, 3) * 6.2832 // another turn of the disc per pixel: grain instead of bands
  const radius = (penumbraCm / SPAN_CM) * SIZE
  let open = 0
  for (let tap = 0; tap < TAPS; tap++) {
    const distance = radius * Math.sqrt((tap + 0.5) / TAPS)
    const angle = spin + tap * 2.39996
    const tc = Math.floor(c + distance * Math.cos(angle))
    const tr = Math.floor(r + distance * Math.sin(angle))
    if (tc < 0 || tr < 0 || tc >= SIZE || tr >= SIZE) open++
    else if (map.depth[tr * SIZE + tc]! <= near + (0.25 * distance * SPAN_CM) / SIZE) open++
  }
  return open / TAPS
}

/** Light that comes through hair to a point, 0..1: it fades with the depth below the outermost hair. */
export function transmitted(map: ShadowMap, [x, y, z]: Vec3, perCm: number): number {
  const c = column(map, x, y, z)
  const r = row(map, x, y, z)
  const near = nearness(map, x, y, z)
  let sum = 0
  for (let tap = 0; tap < 2; tap++) {
    const tc = Math.floor(c + (tap ? 2.5 : -1.5))
    const tr = Math.floor(r + (tap ? 1.5 : -0.5))
    const inside = tc >= 0 && tr >= 0 && tc < SIZE && tr < SIZE
    const depth = inside ? Math.max(0, map.depth[tr * SIZE + tc]! - near - 0.1) : 0
    sum += Math.exp(-perCm * depth)
  }
  return sum / 2
}
