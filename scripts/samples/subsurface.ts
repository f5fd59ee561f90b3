import { pixelsPerCm, type Camera } from './camera.js'
import { MATERIALS } from './mesh.js'
import type { Fragments } from './raster.js'
import type { Radiance } from './shade.js'

/**
 * Light that enters skin comes out again some way off, red farthest: what makes skin look alive and not painted.
 * Done on screen, as sums of Gaussians per colour (after d'Eon and Luebke, GPU Gems 3, chapter 14).
 */
const LAYERS = [
  { sigmaCm: 0.06, weight: [0.34, 0.5, 0.62] },
  { sigmaCm: 0.16, weight: [0.26, 0.38, 0.33] },
  { sigmaCm: 0.42, weight: [0.4, 0.12, 0.05] },
] as const
const DEPTH_REACH_CM = 0.7 // light does not jump from the nose to the cheek behind it
const SKIN = MATERIALS.indexOf('skin')

/** Spreads the irradiance of skin in place. */
export function scatter(radiance: Radiance, f: Fragments, camera: Camera): void {
  const { irradiance } = radiance
  const scale = pixelsPerCm(camera, camera.distanceCm)
  const spread = new Float32Array(irradiance.length)
  for (const { sigmaCm, weight } of LAYERS) {
    const across = blur(irradiance, f, sigmaCm * scale, 1)
    const both = blur(across, f, sigmaCm * scale, f.width)
    for (let i = 0; i < both.length; i++) spread[i]! += both[i]! * weight[i % 3]!
  }
  for (let pixel = 0; pixel < f.width * f.height; pixel++) {
    if (!isSkin(f, pixel)) continue
    for (let k = 0; k < 3; k++) irradiance[3 * pixel + k] = spread[3 * pixel + k]!
  }
}

const isSkin = (f: Fragments, pixel: number): boolean => f.material[pixel] === SKIN && f.depth[pixel] !== Infinity

/** One Gaussian along rows (stride 1) or columns (stride width), over skin only; wide ones skip pixels. */
function blur(values: Float32Array, f: Fragments, sigmaPx: number, stride: number): Float32Array {
  const result = new Float32Array(values.length)
  const skip = Math.max(1, Math.round(sigmaPx / 3))
  const reach = Math.ceil((2.4 * sigmaPx) / skip)
  const weights = Array.from({ length: reach + 1 }, (_, i) => Math.exp(-(((i * skip) / sigmaPx) ** 2) / 2))
  const count = f.width * f.height
  for (let pixel = 0; pixel < count; pixel++) {
    if (!isSkin(f, pixel)) continue
    const here = f.depth[pixel]!
    let [r, g, b, total] = [0, 0, 0, 0]
    for (let i = -reach; i <= reach; i++) {
      const other = pixel + i * skip * stride
      if (other < 0 || other >= count || !isSkin(f, other)) continue
      const gap = (f.depth[other]! - here) / DEPTH_REACH_CM
      const weight = weights[Math.abs(i)]! / (1 + gap * gap * gap * gap)
      r += weight * values[3 * other]!
      g += weight * values[3 * other + 1]!
      b += weight * values[3 * other + 2]!
      total += weight
    }
    result[3 * pixel] = r / total
    result[3 * pixel + 1] = g / total
    result[3 * pixel + 2] = b / total
  }
  return result
}
