import type { RgbImage } from '../../domain/image.js'
import type { Similarity } from './similarity.js'

/** Sub-samples a side that one target pixel is the mean of, at most: 6 × 6 covers a 6-fold reduction without aliasing. */
const SUBSAMPLES_MAX = 6

/**
 * Cuts a crop out of an image by bilinear interpolation; pixels outside the image are black, as the recognisers'
 * training crops had them. When the crop reduces the image, each target pixel is the mean of n × n samples.
 * @param toSource takes a target pixel's centre to source coordinates
 */
export function warp(image: RgbImage, toSource: Similarity, widthPx: number, heightPx: number): RgbImage {
  const n = Math.min(SUBSAMPLES_MAX, Math.max(1, Math.round(Math.hypot(toSource.a, toSource.b))))
  const sums = new Float32Array(widthPx * heightPx * 3)
  for (let j = 0; j < n; j++)
    for (let i = 0; i < n; i++) addSamples(image, toSource, widthPx, sums, (i + 0.5) / n - 0.5, (j + 0.5) / n - 0.5)
  const pixels = new Uint8Array(sums.length)
  const scale = 1 / (n * n)
  for (let k = 0; k < sums.length; k++) pixels[k] = sums[k]! * scale + 0.5
  return { widthPx, heightPx, pixels }
}

/**
 * Adds one bilinear sample for each target pixel, taken (dx, dy) beside its centre.
 * One flat loop: with a function for each pixel it took three times as long (`npm run bench -- face`, stage align).
 */
function addSamples(
  image: RgbImage,
  { a, b, tx, ty }: Similarity,
  targetPx: number,
  sums: Float32Array,
  dx: number,
  dy: number,
): void {
  const { pixels, widthPx, heightPx } = image
  const stride = widthPx * 3
  for (let at = 0, x = 0, y = 0; at < sums.length; at += 3) {
    const sx = a * (x + dx) - b * (y + dy) + tx
    const sy = b * (x + dx) + a * (y + dy) + ty
    const x0 = Math.floor(sx)
    const y0 = Math.floor(sy)
    if (x0 >= -1 && y0 >= -1 && x0 < widthPx && y0 < heightPx) {
      // A corner outside the image has the weight 0; its address is moved inside.
      const left = x0 < 0 ? 0 : 1 - (sx - x0)
      const right = x0 + 1 >= widthPx ? 0 : sx - x0
      const above = y0 < 0 ? 0 : 1 - (sy - y0)
      const below = y0 + 1 >= heightPx ? 0 : sy - y0
      const p = (y0 < 0 ? 0 : y0) * stride + (x0 < 0 ? 0 : x0) * 3
      const q = x0 < 0 || x0 + 1 >= widthPx ? p : p + 3
      const down = y0 < 0 || y0 + 1 >= heightPx ? 0 : stride
      const w00 = left * above
      const w10 = right * above
      const w01 = left * below
      const w11 = right * below
      const d = p + down
      const e = q + down
      sums[at]! += pixels[p]! * w00 + pixels[q]! * w10 + pixels[d]! * w01 + pixels[e]! * w11
      sums[at + 1]! += pixels[p + 1]! * w00 + pixels[q + 1]! * w10 + pixels[d + 1]! * w01 + pixels[e + 1]! * w11
      sums[at + 2]! += pixels[p + 2]! * w00 + pixels[q + 2]! * w10 + pixels[d + 2]! * w01 + pixels[e + 2]! * w11
    }
    if (++x === targetPx) {
      x = 0
      y++
    }
  }
}

/** The mirror image, left and right exchanged. */
export function mirrored(image: RgbImage): RgbImage {
  const { widthPx, heightPx } = image
  const pixels = new Uint8Array(image.pixels.length)
  for (let y = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++) {
      const from = (y * widthPx + x) * 3
      const to = (y * widthPx + widthPx - 1 - x) * 3
      pixels[to] = image.pixels[from] as number
      pixels[to + 1] = image.pixels[from + 1] as number
      pixels[to + 2] = image.pixels[from + 2] as number
    }
  return { widthPx, heightPx, pixels }
}
