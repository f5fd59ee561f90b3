import type { RgbImage } from '../../domain/image.js'

/** Images up to this longer side are searched once: their faces are small enough for the detector. */
const ONCE_PX_MAX = 384

/**
 * The sizes at which an image is searched, as the longer side in pixels, the greatest first.
 * YuNet finds faces of about 10 to 300 px (models/README of its authors), so one size is not enough for large images: 640 covers
 * most; half of it finds a face that fills the frame; 1280 finds the small ones in a crowd.
 */
export function searchSizesPx(image: RgbImage): readonly number[] {
  const longerPx = Math.max(image.widthPx, image.heightPx)
  if (longerPx <= ONCE_PX_MAX) return [longerPx]
  const sizePx = Math.min(longerPx, 640)
  return [...(longerPx >= 1280 ? [1280] : []), sizePx, Math.floor(sizePx / 2)]
}

/**
 * Reduces an image to the given longer side: every target pixel is the mean of the source area that it covers.
 * An image that is already as small is returned as it is; nothing is ever enlarged.
 */
export function reduce(image: RgbImage, longerPx: number): RgbImage {
  const factor = longerPx / Math.max(image.widthPx, image.heightPx)
  if (factor >= 1) return image
  const widthPx = Math.max(1, Math.round(image.widthPx * factor))
  const heightPx = Math.max(1, Math.round(image.heightPx * factor))
  const isHalf = widthPx * 2 === image.widthPx && heightPx * 2 === image.heightPx
  return { widthPx, heightPx, pixels: isHalf ? halved(image) : averaged(image, widthPx, heightPx) }
}

/** The same for an exact half, four times as fast. */
function halved({ widthPx, heightPx, pixels }: RgbImage): Uint8Array {
  const half = new Uint8Array((widthPx * heightPx * 3) / 4)
  const stride = widthPx * 3
  for (let y = 0, at = 0; y < heightPx; y += 2)
    for (let x = 0, p = y * stride; x < widthPx; x += 2, p += 6)
      for (let c = 0; c < 3; c++, at++) {
        const q = p + c
        half[at] = (pixels[q]! + pixels[q + 3]! + pixels[q + stride]! + pixels[q + stride + 3]! + 2) >> 2
      }
  return half
}

/** Row by row, without an image in between: a 16-megapixel one would take 50 MB. */
function averaged(image: RgbImage, widthPx: number, heightPx: number): Uint8Array {
  const columns = coverage(image.widthPx, widthPx)
  const rows = coverage(image.heightPx, heightPx)
  const stride = widthPx * 3
  const sums = new Float32Array(stride)
  const pixels = new Uint8Array(heightPx * stride)
  for (let y = 0; y < heightPx; y++) {
    sums.fill(0.5) // rounds when it is cut to a byte
    for (let k = rows.start[y]!; k < rows.start[y + 1]!; k++)
      addRow(image, rows.source[k]!, rows.weight[k]!, columns, sums)
    pixels.set(sums, y * stride)
  }
  return pixels
}

/** Adds one source row, reduced to the target's columns, with its weight. */
function addRow(
  { pixels, widthPx }: RgbImage,
  y: number,
  rowWeight: number,
  columns: Coverage,
  sums: Float32Array,
): void {
  const row = y * widthPx * 3
  for (let at = 0, x = 0; at < sums.length; at += 3, x++) {
    let r = 0
    let g = 0
    let b = 0
    const end = columns.start[x + 1]!
    for (let k = columns.start[x]!; k < end; k++) {
      const weight = columns.weight[k]!
      const p = row + columns.source[k]! * 3
      r += pixels[p]! * weight
      g += pixels[p + 1]! * weight
      b += pixels[p + 2]! * weight
    }
    sums[at]! += r * rowWeight
    sums[at + 1]! += g * rowWeight
    sums[at + 2]! += b * rowWeight
  }
}

interface Coverage {
  /** Where the sources of each target cell begin in the other two; one more at the end. */
  readonly start: Int32Array
  readonly source: Int32Array
  readonly weight: Float32Array
}

/** For each target cell the source cells that it covers and their shares (which sum to 1). */
function coverage(sourcePx: number, targetPx: number): Coverage {
  const ratio = sourcePx / targetPx
  const start = new Int32Array(targetPx + 1)
  const source: number[] = []
  const weight: number[] = []
  for (let t = 0; t < targetPx; t++) {
    start[t] = source.length
    const from = t * ratio
    const to = Math.min((t + 1) * ratio, sourcePx)
    for (let s = Math.floor(from); s < Math.ceil(to); s++) {
      source.push(s)
      weight.push((Math.min(to, s + 1) - Math.max(from, s)) / (to - from))
    }
  }
  start[targetPx] = source.length
  return { start, source: Int32Array.from(source), weight: Float32Array.from(weight) }
}
