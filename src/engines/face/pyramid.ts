import type { RgbImage } from '../../domain/image.js'

/**
 * The sizes at which an image is searched, as the longer side in pixels.
 * YuNet finds faces of about 10 to 300 px (models/README of its authors), so one size is not enough for large images:
 * 640 covers most; 256 finds a face that fills the frame; 1280 finds the small ones in a crowd.
 */
export function searchSizesPx(image: RgbImage): readonly number[] {
  const longerPx = Math.max(image.widthPx, image.heightPx)
  const sizes = [Math.min(longerPx, 640)]
  if (longerPx > 384) sizes.push(256)
  if (longerPx >= 1280) sizes.push(1280)
  return sizes
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
  const sums = reduceRows(reduceColumns(image, widthPx), widthPx, image.heightPx, heightPx)
  return { widthPx, heightPx, pixels: sums }
}

/** Mean over the columns that each target column covers: heightPx × targetPx × 3 float32. */
function reduceColumns(image: RgbImage, targetPx: number): Float32Array {
  const spans = coverage(image.widthPx, targetPx)
  const out = new Float32Array(image.heightPx * targetPx * 3)
  for (let y = 0; y < image.heightPx; y++) {
    const row = y * image.widthPx * 3
    let at = y * targetPx * 3
    for (let x = 0; x < targetPx; x++) {
      let r = 0
      let g = 0
      let b = 0
      const end = spans.start[x + 1] as number
      for (let k = spans.start[x] as number; k < end; k++) {
        const weight = spans.weight[k] as number
        const p = row + spans.source[k]! * 3
        r += image.pixels[p]! * weight
        g += image.pixels[p + 1]! * weight
        b += image.pixels[p + 2]! * weight
      }
      out[at++] = r
      out[at++] = g
      out[at++] = b
    }
  }
  return out
}

function reduceRows(columns: Float32Array, widthPx: number, sourcePx: number, targetPx: number): Uint8Array {
  const spans = coverage(sourcePx, targetPx)
  const stride = widthPx * 3
  const row = new Float32Array(stride)
  const out = new Uint8Array(targetPx * stride)
  for (let y = 0; y < targetPx; y++) {
    row.fill(0.5) // rounds when it is cut to a byte
    const end = spans.start[y + 1] as number
    for (let k = spans.start[y] as number; k < end; k++) {
      const weight = spans.weight[k] as number
      const from = spans.source[k]! * stride
      for (let i = 0; i < stride; i++) row[i] = row[i]! + columns[from + i]! * weight
    }
    out.set(row, y * stride)
  }
  return out
}

/** For each target cell the source cells that it covers and their shares (which sum to 1). */
function coverage(sourcePx: number, targetPx: number) {
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
