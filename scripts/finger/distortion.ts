import type { Random } from '../samples/random.js'
import type { Place } from './orientation-field.js'

/** How the skin is dragged as it is laid on the sensor: a smooth shift of every place. */
export type Distortion = (place: Place) => Place

const BUMP_COUNT = 4
/** Deviation of each bump's shift in either direction (FINGERPRINT.md, §2.3). */
const SHIFT_SIGMA_PX = 7

/**
 * A few Gaussian bumps of shift. Real distortion is of this size: displacements of a mated pair's minutiae after the best
 * rigid fit reach 10 px and more towards the rims (Cappelli, Maio and Maltoni, "Modelling plastic distortion", ICAPR 2001).
 * @param strength 1 is the usual amount
 */
export function randomDistortion(random: Random, strength: number): Distortion {
  const bumps = Array.from({ length: BUMP_COUNT }, () => ({
    x: random.between(-140, 140),
    y: random.between(-180, 180),
    widthPx: random.between(60, 130),
    shiftX: strength * SHIFT_SIGMA_PX * random.normal(),
    shiftY: strength * SHIFT_SIGMA_PX * random.normal(),
  }))
  return (place) => {
    let { x, y } = place
    for (const bump of bumps) {
      const square = (place.x - bump.x) ** 2 + (place.y - bump.y) ** 2
      const share = Math.exp(-square / (2 * bump.widthPx ** 2))
      x += share * bump.shiftX
      y += share * bump.shiftY
    }
    return { x, y }
  }
}

/** How far a small step in a direction is turned by the distortion, radians. */
export function turnAt(distortion: Distortion, place: Place, angleRad: number): number {
  const [dx, dy] = [Math.cos(angleRad), Math.sin(angleRad)]
  const from = distortion({ x: place.x - dx, y: place.y - dy })
  const to = distortion({ x: place.x + dx, y: place.y + dy })
  return Math.atan2(to.y - from.y, to.x - from.x) - angleRad
}
