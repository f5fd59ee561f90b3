import type { Random } from '../samples/random.js'
import type { Place } from './orientation-field.js'

/** What of the finger touches the sensor, and how well each part of it prints. */
export interface Contact {
  /** Whether the ellipse of contact covers a place. */
  covers(place: Place): boolean
  /** Whether the extractor sees a minutia of this clarity (0 to 1) here. */
  shows(place: Place, clarity: number, random: Random): boolean
  /** Middles of the parts that print badly. */
  readonly badSpots: readonly BadSpot[]
  /** 0.05 to 0.4: share of found minutiae that are none. */
  readonly spuriousShare: number
  /** A random place of the contact area. */
  randomPlace(random: Random): Place
}

export interface BadSpot extends Place {
  readonly radiusPx: number
}

/** Half axes of the ellipse, px: 11 to 17 mm wide, 14 to 22 mm high; smaller where the finger only touches. */
const HALF_WIDTH_PX = [115, 175] as const
const HALF_HEIGHT_PX = [145, 220] as const
/** Some touch lightly, and leave a part of that. */
const LIGHT_TOUCH_SHARE = 0.15
const LIGHT_TOUCH_SIZE = [0.55, 0.85] as const
/** Deviations of where the ellipse lies on the finger (FINGERPRINT.md, §2.3). */
const SHIFT_SIGMA_PX = { x: 25, y: 30 }
/** Impressions with dry, wet or scarred parts: there three of four minutiae go missing and spurious ones crowd. */
const BAD_SPOT_SHARE = 0.35
const BAD_SPOT_MISSING = 0.75

/** @param care 1, or 2 for a finger laid on carelessly: it is shifted twice as far */
export function randomContact(random: Random, care: number): Contact {
  const centre = { x: care * SHIFT_SIGMA_PX.x * random.normal(), y: care * SHIFT_SIGMA_PX.y * random.normal() }
  const size = random.next() < LIGHT_TOUCH_SHARE ? random.between(...LIGHT_TOUCH_SIZE) : 1
  const half = { x: size * random.between(...HALF_WIDTH_PX), y: size * random.between(...HALF_HEIGHT_PX) }
  const missing = random.between(0.05, 0.3)
  const spuriousShare = random.between(0.05, 0.4)
  const covers = ({ x, y }: Place) => ((x - centre.x) / half.x) ** 2 + ((y - centre.y) / half.y) ** 2 <= 1
  const randomPlace = (source: Random): Place => {
    const [radius, angle] = [Math.sqrt(source.next()), source.between(0, 2 * Math.PI)]
    return {
      x: centre.x + half.x * radius * Math.cos(angle),
      y: centre.y + half.y * radius * Math.sin(angle),
    }
  }
  const badSpotCount = random.next() < BAD_SPOT_SHARE ? 1 + Math.floor(random.between(0, 3)) : 0
  const badSpots = Array.from({ length: badSpotCount }, () => ({
    ...randomPlace(random),
    radiusPx: random.between(20, 60),
  }))
  const isBad = (place: Place) =>
    badSpots.some((spot) => (place.x - spot.x) ** 2 + (place.y - spot.y) ** 2 < spot.radiusPx ** 2)
  return {
    covers,
    badSpots,
    spuriousShare,
    randomPlace,
    // A clear minutia is missed half as often as the mean, a faint one one and a half times as often.
    shows: (place, clarity, source) =>
      covers(place) && source.next() >= (isBad(place) ? BAD_SPOT_MISSING : missing * (1.5 - clarity)),
  }
}
