import type { NormalisedMinutiae } from '../../domain/finger.js'
import { describeMinutiae } from './descriptor.js'
import { convexHull } from './hull.js'
import type { FingerModel } from './model.js'

/** Minutiae of an impression that are compared; the best ones. A full impression holds 40 to 80 (FINGERPRINT.md, §2). */
export const COMPARED_MAX = 60
/** Of these, the best ones whose descriptors the 1:N index holds. */
export const INDEXED_MAX = 32

/**
 * One impression, ready to be compared and indexed. Derived from the record alone, so that it can be derived again.
 *
 * Unit:  500 dpi pixels, y up; radians counter-clockwise (as NormalisedMinutiae).
 * Shape: typed arrays of `count` values, best quality first; the first `indexedCount` belong into the index.
 */
export interface FingerFeatures {
  readonly descriptorVersion: string
  readonly count: number
  readonly indexedCount: number
  readonly x: Float32Array
  readonly y: Float32Array
  readonly angleRad: Float32Array
  /** Index into MINUTIA_TYPES. */
  readonly type: Uint8Array
  /** count × DESCRIPTOR_LENGTH, row by row, each of norm 1, or 0 for a minutia without neighbours. */
  readonly descriptors: Float32Array
  /** Corners of the convex hull: x, y by turns, counter-clockwise. */
  readonly hull: Float32Array
}

/** `choose the best → describe each by its neighbours → outline`. Any number of minutiae, also none, is legal. */
export function prepareFinger(minutiae: NormalisedMinutiae, model: FingerModel): FingerFeatures {
  const best = chooseBest(minutiae)
  return {
    descriptorVersion: model.descriptorVersion,
    count: best.x.length,
    indexedCount: Math.min(best.x.length, INDEXED_MAX),
    x: best.x,
    y: best.y,
    angleRad: best.angleRad,
    type: best.type,
    descriptors: describeMinutiae(best, best.x.length, model),
    hull: convexHull(best.x, best.y),
  }
}

/**
 * The COMPARED_MAX minutiae of best quality. Where quality ties at the limit, those nearest the centre stay, as ISO/IEC
 * 19794-2:2005 (8.3.2) prunes for cards: the rim of an impression is what the next one misses.
 */
function chooseBest(minutiae: NormalisedMinutiae): NormalisedMinutiae {
  const { x, y, quality } = minutiae
  const count = x.length
  const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / count
  const [centreX, centreY] = [mean(x), mean(y)]
  const fromCentre = Array.from(x, (px, i) => (px - centreX) ** 2 + (y[i]! - centreY) ** 2)
  const order = Array.from(x.keys())
    .sort((a, b) => quality[b]! - quality[a]! || fromCentre[a]! - fromCentre[b]! || a - b)
    .slice(0, COMPARED_MAX)
  return {
    x: Float32Array.from(order, (i) => x[i]!),
    y: Float32Array.from(order, (i) => y[i]!),
    angleRad: Float32Array.from(order, (i) => minutiae.angleRad[i]!),
    type: Uint8Array.from(order, (i) => minutiae.type[i]!),
    quality: Uint8Array.from(order, (i) => quality[i]!),
  }
}
