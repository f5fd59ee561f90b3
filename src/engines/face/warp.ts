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
  const pixels = new Uint8Array(widthPx * heightPx * 3)
  const reduction = Math.hypot(toSource.a, toSource.b)
  const n = Math.min(SUBSAMPLES_MAX, Math.max(1, Math.round(reduction)))
  const sum = new Float64Array(3)
  let at = 0
  for (let y = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++) {
      sum.fill(0)
      for (let j = 0; j < n; j++)
        for (let i = 0; i < n; i++) {
          const tx = x + (i + 0.5) / n - 0.5
          const ty = y + (j + 0.5) / n - 0.5
          const sx = toSource.a * tx - toSource.b * ty + toSource.tx
          const sy = toSource.b * tx + toSource.a * ty + toSource.ty
          addSample(image, sx, sy, sum)
        }
      for (let c = 0; c < 3; c++) pixels[at++] = (sum[c] as number) / (n * n) + 0.5
    }
  return { widthPx, heightPx, pixels }
}

/** Adds the bilinear sample at (x, y), in pixel indices, to `sum`. */
function addSample(image: RgbImage, x: number, y: number, sum: Float64Array): void {
  const x0 = Math.floor(x)
  const y0 = Math.floor(y)
  if (x0 < -1 || y0 < -1 || x0 >= image.widthPx || y0 >= image.heightPx) return
  const fx = x - x0
  const fy = y - y0
  addPixel(image, x0, y0, (1 - fx) * (1 - fy), sum)
  addPixel(image, x0 + 1, y0, fx * (1 - fy), sum)
  addPixel(image, x0, y0 + 1, (1 - fx) * fy, sum)
  addPixel(image, x0 + 1, y0 + 1, fx * fy, sum)
}

function addPixel(image: RgbImage, x: number, y: number, weight: number, sum: Float64Array): void {
  if (x < 0 || y < 0 || x >= image.widthPx || y >= image.heightPx) return
  const p = (y * image.widthPx + x) * 3
  sum[0] = (sum[0] as number) + (image.pixels[p] as number) * weight
  sum[1] = (sum[1] as number) + (image.pixels[p + 1] as number) * weight
  sum[2] = (sum[2] as number) + (image.pixels[p + 2] as number) * weight
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
