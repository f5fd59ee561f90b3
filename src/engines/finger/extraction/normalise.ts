import { boxMean, emptyPlane, percentile, type Plane } from './plane.js'

/** Half the side of the window for mean and deviation: three ridge periods of 9 px. */
const WINDOW_RADIUS_PX = 13
/** The same for contrast: the side of 15 px still holds a whole period of any adult. */
const CONTRAST_RADIUS_PX = 7
/** The deviation counts as at least this share of a strong one, so that an empty background is not blown up. */
const DEVIATION_FLOOR_SHARE = 0.25
const STRONG_PERCENTILE = 0.9
/** Grey levels; a scanner's own noise is 1 to 3. */
export const NOISE_GREY_LEVELS = 6
/** Beyond this many deviations lies dust or a scratch. */
const CUT = 2.5

export interface Normalised {
  /** Grey value less its local mean, in local deviations: -2.5 (ridge) to 2.5 (valley). */
  readonly image: Plane
  /** Standard deviation of the nearest surroundings, grey levels: it falls off sharply where the print ends. */
  readonly contrast: Plane
  /** A contrast that only a tenth of the image exceeds. */
  readonly strongContrast: number
}

/** Evens out pressure and moisture: every part of the print gets the same contrast. */
export function normalise(grey: Plane): Normalised {
  const squares = { ...grey, values: grey.values.map((value) => value * value) }
  const { mean, deviation } = spreadOf(grey, squares, WINDOW_RADIUS_PX)
  const contrast = spreadOf(grey, squares, CONTRAST_RADIUS_PX).deviation
  const strongContrast = percentile(contrast.values, STRONG_PERCENTILE)
  const floor = Math.max(NOISE_GREY_LEVELS, DEVIATION_FLOOR_SHARE * strongContrast)
  const image = emptyPlane(grey)
  for (let p = 0; p < image.values.length; p++) {
    const value = (grey.values[p]! - mean.values[p]!) / Math.max(floor, deviation.values[p]!)
    image.values[p] = Math.max(-CUT, Math.min(CUT, value))
  }
  return { image, contrast, strongContrast }
}

function spreadOf(grey: Plane, squares: Plane, radiusPx: number): { readonly mean: Plane; readonly deviation: Plane } {
  const [mean, deviation] = [boxMean(grey, radiusPx), boxMean(squares, radiusPx)]
  for (let p = 0; p < mean.values.length; p++)
    deviation.values[p] = Math.sqrt(Math.max(0, deviation.values[p]! - mean.values[p]! ** 2))
  return { mean, deviation }
}
