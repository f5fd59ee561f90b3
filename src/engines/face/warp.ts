import type { RgbImage } from '../../domain/image.js'
import type { Similarity } from './similarity.js'

/**
 * Cuts a crop out of an image by bilinear interpolation; pixels outside the image are black, as the recognisers'
 * training crops had them. Where the crop reduces the image by a factor of k, the part that it needs is averaged over blocks of
 * k × k pixels first, so that nothing aliases.
 * @param toSource takes a target pixel's centre to source coordinates
 */
export function warp(image: RgbImage, toSource: Similarity, widthPx: number, heightPx: number): RgbImage {
  const k = Math.max(1, Math.round(Math.hypot(toSource.a, toSource.b)))
  if (k === 1) return sample(image, toSource, widthPx, heightPx)
  const part = partOf(image, toSource, widthPx, heightPx)
  if (part === null) return { widthPx, heightPx, pixels: new Uint8Array(widthPx * heightPx * 3) }
  const { a, b, tx, ty } = toSource
  const middle = (k - 1) / 2 // of a block, from its first pixel
  const toPart = { a: a / k, b: b / k, tx: (tx - part.x - middle) / k, ty: (ty - part.y - middle) / k }
  return sample(averagedBlocks(image, part, k), toPart, widthPx, heightPx)
}

/** Whole pixels of the image that a crop can touch; null when it lies outside. */
interface Part {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

function partOf(image: RgbImage, { a, b, tx, ty }: Similarity, widthPx: number, heightPx: number): Part | null {
  const xs = [0, a * widthPx, -b * heightPx, a * widthPx - b * heightPx].map((dx) => dx + tx)
  const ys = [0, b * widthPx, a * heightPx, b * widthPx + a * heightPx].map((dy) => dy + ty)
  const margin = Math.ceil(Math.hypot(a, b)) + 1
  const x = Math.max(0, Math.floor(Math.min(...xs)) - margin)
  const y = Math.max(0, Math.floor(Math.min(...ys)) - margin)
  const width = Math.min(image.widthPx, Math.ceil(Math.max(...xs)) + margin) - x
  const height = Math.min(image.heightPx, Math.ceil(Math.max(...ys)) + margin) - y
  return width > 0 && height > 0 ? { x, y, width, height } : null
}

/** Means of k × k pixels of a part of the image; of fewer at its right and lower edge. */
function averagedBlocks({ pixels: source, widthPx: sourcePx }: RgbImage, part: Part, k: number): RgbImage {
  const widthPx = Math.ceil(part.width / k)
  const heightPx = Math.ceil(part.height / k)
  const pixels = new Uint8Array(widthPx * heightPx * 3)
  for (let row = 0, at = 0; row < heightPx; row++) {
    const rows = Math.min(k, part.height - row * k)
    for (let column = 0; column < widthPx; column++, at += 3) {
      const columns = Math.min(k, part.width - column * k)
      const first = ((part.y + row * k) * sourcePx + part.x + column * k) * 3
      let r = 0
      let g = 0
      let b = 0
      for (let y = 0; y < rows; y++)
        for (let p = first + y * sourcePx * 3, end = p + columns * 3; p < end; p += 3) {
          r += source[p]!
          g += source[p + 1]!
          b += source[p + 2]!
        }
      const share = 1 / (rows * columns)
      pixels[at] = r * share + 0.5
      pixels[at + 1] = g * share + 0.5
      pixels[at + 2] = b * share + 0.5
    }
  }
  return { widthPx, heightPx, pixels }
}

/**
 * One bilinear sample for each target pixel.
 * One flat loop: with a function for each pixel it took three times as long (`npm run bench -- face`, stage align).
 */
function sample(
  image: RgbImage,
  { a, b, tx, ty }: Similarity,
  targetWidthPx: number,
  targetHeightPx: number,
): RgbImage {
  const { pixels, widthPx, heightPx } = image
  const target = new Uint8Array(targetWidthPx * targetHeightPx * 3)
  const stride = widthPx * 3
  for (let at = 0, x = 0, y = 0; at < target.length; at += 3) {
    const sx = a * x - b * y + tx
    const sy = b * x + a * y + ty
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
      target[at] = pixels[p]! * w00 + pixels[q]! * w10 + pixels[d]! * w01 + pixels[e]! * w11 + 0.5
      target[at + 1] = pixels[p + 1]! * w00 + pixels[q + 1]! * w10 + pixels[d + 1]! * w01 + pixels[e + 1]! * w11 + 0.5
      target[at + 2] = pixels[p + 2]! * w00 + pixels[q + 2]! * w10 + pixels[d + 2]! * w01 + pixels[e + 2]! * w11 + 0.5
    }
    if (++x === targetWidthPx) {
      x = 0
      y++
    }
  }
  return { widthPx: targetWidthPx, heightPx: targetHeightPx, pixels: target }
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
