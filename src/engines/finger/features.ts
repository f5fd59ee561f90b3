import type { NormalisedMinutiae } from '../../domain/finger.js'
import { describeMinutiae } from './descriptor.js'
import { convexHull } from './hull.js'
import type { FingerModel } from './model.js'

/** Minutiae of an impression that are compared; the best ones. A full impression holds 40 to 80 (FINGERPRINT.md, §2). */
export const COMPARED_MAX = 60
/**
 * Of these, the best ones whose descriptors the 1:N index holds. FINGERPRINT.md, §2.1, has 32; 48 keep more mates on the shortlist
 * (`npm run bench -- finger`) for half as much time again.
 */
export const INDEXED_MAX = 48

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
  /** Numbers of the minutiae by ascending x. */
  readonly byX: Uint8Array
  /** count × DESCRIPTOR_LENGTH, row by row, each of norm 1, or 0 for a minutia without neighbours. */
  readonly descriptors: Float32Array
  /** Corners of the convex hull: x, y by turns, counter-clockwise. */
  readonly hull: Float32Array
}

/** `best first → describe each by its neighbours → outline`. Any number of minutiae, also none, is legal. */
export function prepareFinger(minutiae: NormalisedMinutiae, model: FingerModel): FingerFeatures {
  const sorted = bestFirst(minutiae)
  const count = Math.min(sorted.x.length, COMPARED_MAX)
  const x = sorted.x.slice(0, count)
  const y = sorted.y.slice(0, count)
  return {
    descriptorVersion: model.descriptorVersion,
    count,
    indexedCount: Math.min(count, INDEXED_MAX),
    x,
    y,
    angleRad: sorted.angleRad.slice(0, count),
    type: sorted.type.slice(0, count),
    byX: Uint8Array.from(x.keys()).sort((a, b) => x[a]! - x[b]! || a - b),
    // Also minutiae that are not compared are neighbours of those that are.
    descriptors: describeMinutiae(sorted, count, model),
    hull: convexHull(x, y),
  }
}

/**
 * Best quality first. Where quality ties, those nearest the centre come first: when some must be left out, it is the rim of
 * the impression, which the next impression misses.
 */
function bestFirst({ x, y, angleRad, type, quality }: NormalisedMinutiae): NormalisedMinutiae {
  const centreX = mean(x)
  const centreY = mean(y)
  const square = Array.from(x, (px, i) => (px - centreX) ** 2 + (y[i]! - centreY) ** 2)
  const order = Array.from(x.keys()).sort((a, b) => quality[b]! - quality[a]! || square[a]! - square[b]! || a - b)
  return {
    x: Float32Array.from(order, (i) => x[i]!),
    y: Float32Array.from(order, (i) => y[i]!),
    angleRad: Float32Array.from(order, (i) => angleRad[i]!),
    type: Uint8Array.from(order, (i) => type[i]!),
    quality: Uint8Array.from(order, (i) => quality[i]!),
  }
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
