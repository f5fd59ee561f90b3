import { boxMean, emptyPlane, type Plane } from './plane.js'
import type { OrientationField } from './orientation.js'

/** The neighbourhood that a minutia is judged by: a period and a half to each side. */
const RADIUS_PX = 13
/** Mean size of the filtered image where ridges are clean: a wave of amplitude √2 (deviation 1) has the mean 0.9. */
const CLEAN_RESPONSE = 0.85
/** Coherence of clean parallel ridges under the extractor's smoothing. */
const CLEAN_COHERENCE = 0.9

/**
 * How far each pixel can be trusted, 0 to 1: the geometric mean of local coherence (one direction) and of the filters'
 * response (the grey really is ridges of that direction and period).
 */
export function trustPlane(enhanced: Plane, { coherence }: OrientationField): Plane {
  const size = emptyPlane(enhanced)
  for (let p = 0; p < size.values.length; p++) size.values[p] = Math.abs(enhanced.values[p]!)
  const [response, direction] = [boxMean(size, RADIUS_PX), boxMean(coherence, RADIUS_PX)]
  const trust = emptyPlane(enhanced)
  for (let p = 0; p < trust.values.length; p++)
    trust.values[p] = Math.sqrt(
      Math.min(1, response.values[p]! / CLEAN_RESPONSE) * Math.min(1, direction.values[p]! / CLEAN_COHERENCE),
    )
  return trust
}

/** 1 to 100. */
export function qualityAt(trust: Plane, x: number, y: number): number {
  const px = Math.max(0, Math.min(trust.widthPx - 1, Math.round(x)))
  const py = Math.max(0, Math.min(trust.heightPx - 1, Math.round(y)))
  return Math.max(1, Math.min(100, Math.round(100 * trust.values[py * trust.widthPx + px]!)))
}
