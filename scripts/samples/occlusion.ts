import { pixelsPerCm, type Camera } from './camera.js'
import { cellHash } from './noise.js'
import type { Fragments } from './raster.js'

const RADII_CM = [0.5, 2.6] // contact shadows in lids and lips; the hollow of eyes and neck
const TAPS = 12
const STEP = 2 // every other pixel is computed, the rest is spread: occlusion is smooth

/** Ambient light that reaches each pixel, 0..1, from the depth of what lies around it on screen. */
export function ambientOcclusion(fragments: Fragments, camera: Camera): Float32Array {
  const { width, height, depth } = fragments
  const open = new Float32Array(width * height).fill(1)
  for (let y = 0; y < height; y += STEP) {
    for (let x = 0; x < width; x += STEP) {
      if (depth[y * width + x] === Infinity) continue
      const value = openness(fragments, camera, x, y)
      for (let dy = 0; dy < STEP && y + dy < height; dy++) {
        for (let dx = 0; dx < STEP && x + dx < width; dx++) open[(y + dy) * width + x + dx] = value
      }
    }
  }
  return open
}

function openness(fragments: Fragments, camera: Camera, x: number, y: number): number {
  const { width, height, depth, normal } = fragments
  const pixel = y * width + x
  const here = depth[pixel]!
  const scalePx = pixelsPerCm(camera, here)
  const [nx, ny, nz] = [normal[3 * pixel]!, normal[3 * pixel + 1]!, normal[3 * pixel + 2]!]
  let result = 1
  for (const radiusCm of RADII_CM) {
    const spin = cellHash(x, y, 11) * 6.2832
    let blocked = 0
    for (let tap = 0; tap < TAPS; tap++) {
      const reach = radiusCm * scalePx * Math.sqrt((tap + 0.7) / TAPS)
      const tx = Math.round(x + reach * Math.cos(spin + tap * 2.39996))
      const ty = Math.round(y + reach * Math.sin(spin + tap * 2.39996))
      if (tx < 0 || ty < 0 || tx >= width || ty >= height) continue
      const there = depth[ty * width + tx]!
      if (there === Infinity) continue
      const [dx, dy, dz] = [(tx - x) / scalePx, (y - ty) / scalePx, here - there]
      const distance = Math.sqrt(dx * dx + dy * dy + dz * dz) + 1e-6
      const rise = (nx * dx + ny * dy + nz * dz) / distance - 0.1
      if (rise > 0) blocked += rise * Math.max(0, 1 - (distance / (radiusCm * 2)) ** 2)
    }
    result *= 1 - Math.min(0.85, (1.15 * blocked) / TAPS)
  }
  return result
}
