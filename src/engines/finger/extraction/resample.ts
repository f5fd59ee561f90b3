import type { GreyImage, GreyPixels } from '../../../domain/grey-image.js'
import { emptyPlane, type Plane } from './plane.js'

/** All lengths of the extractor are pixels at this resolution. */
export const WORKING_DPI = 500
/** Scanners keep to their resolution within 1 % (FBI EBTS, appendix F): below it the image is left as it is. */
const TOLERANCE = 0.01
/** Reach of the Catmull-Rom kernel, in source pixels. */
const KERNEL_REACH = 2

/** Width and height in pixels at 500 dpi. */
export function workingSize({ widthPx, heightPx, resolutionDpi }: GreyImage): { widthPx: number; heightPx: number } {
  const factor = WORKING_DPI / resolutionDpi
  if (Math.abs(factor - 1) <= TOLERANCE) return { widthPx, heightPx }
  return { widthPx: Math.round(widthPx * factor), heightPx: Math.round(heightPx * factor) }
}

/** The image at 500 dpi, 0 to 255: Catmull-Rom, widened when it reduces so that every source pixel counts. */
export function toWorkingResolution(image: GreyImage): Plane {
  const size = workingSize(image)
  if (size.widthPx === image.widthPx && size.heightPx === image.heightPx)
    return { ...size, values: Float32Array.from(image.pixels) }
  return resampleColumns(resampleRows(image, size.widthPx), size.heightPx)
}

function resampleRows({ widthPx, heightPx, pixels }: GreyPixels, targetPx: number): Plane {
  const out = emptyPlane({ widthPx: targetPx, heightPx })
  const taps = tapsOf(widthPx, targetPx)
  for (let y = 0; y < heightPx; y++)
    for (let x = 0; x < targetPx; x++) {
      const { first, weights } = taps[x]!
      let sum = 0
      for (let i = 0; i < weights.length; i++) sum += weights[i]! * pixels[y * widthPx + first + i]!
      out.values[y * targetPx + x] = sum
    }
  return out
}

function resampleColumns({ widthPx, heightPx, values }: Plane, targetPx: number): Plane {
  const out = emptyPlane({ widthPx, heightPx: targetPx })
  tapsOf(heightPx, targetPx).forEach(({ first, weights }, y) => {
    for (let i = 0; i < weights.length; i++)
      for (let x = 0, p = (first + i) * widthPx; x < widthPx; x++, p++)
        out.values[y * widthPx + x]! += weights[i]! * values[p]!
  })
  return out
}

interface Taps {
  /** First source pixel. */
  readonly first: number
  /** Of it and those after it; their sum is 1. */
  readonly weights: Float32Array
}

function tapsOf(sourcePx: number, targetPx: number): readonly Taps[] {
  const ratio = sourcePx / targetPx
  const stretch = Math.max(1, ratio)
  return Array.from({ length: targetPx }, (_, t) => {
    const centre = (t + 0.5) * ratio - 0.5
    const first = Math.max(0, Math.ceil(centre - KERNEL_REACH * stretch))
    const last = Math.min(sourcePx - 1, Math.floor(centre + KERNEL_REACH * stretch))
    const raw = Float32Array.from({ length: last - first + 1 }, (_, i) => catmullRom((first + i - centre) / stretch))
    const sum = raw.reduce((total, weight) => total + weight, 0)
    return { first, weights: raw.map((weight) => weight / sum) }
  })
}

/** Keys' cubic with a = -1/2 (IEEE TASSP 1981). */
function catmullRom(distance: number): number {
  const d = Math.abs(distance)
  if (d < 1) return (1.5 * d - 2.5) * d * d + 1
  return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0
}
