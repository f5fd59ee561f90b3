import type { Random } from '../samples/random.js'
import { randomField, type OrientationField, type Place } from './orientation-field.js'

/** A minutia as the skin has it. */
export interface SkinMinutia extends Place {
  readonly angleRad: number
  /** 1 ending, 2 bifurcation: indexes into MINUTIA_TYPES. */
  readonly type: 1 | 2
  /** 0 to 1: how sure an extractor is to see it. */
  readonly clarity: number
}

/** A synthetic finger: all of its minutiae, more than any one impression shows. */
export interface SyntheticFinger {
  readonly field: OrientationField
  readonly minutiae: readonly SkinMinutia[]
}

/** Half axes of the pad, px at 500 dpi: 20 × 28 mm with what rolls in at the rims. */
const PAD = { x: 200, y: 275 }
/** Minutiae per px² (FINGERPRINT.md, §2.3): 0.14 to 0.25 per mm², as Pankanti, Prabhakar and Jain (TPAMI 2002) count them. */
const DENSITY = [3.6e-4, 8e-4] as const
/** Two ends of ridges lie at least about a ridge's width (9 px) apart; extractors merge what is nearer. */
const APART_PX = 8
/** From one ridge to the next: 0.46 mm (Stoney, in "Advances in fingerprint technology", 2001). */
const RIDGE_PERIOD_PX = 9
/** Half the distance over which the spread of the ridges is taken. */
const STEP_PX = 5
/** Nature keeps some freedom even where the ridges spread most. */
const POLARITY_MAX = 0.9
/** Around the cores minutiae lie denser: by this factor in the middle, fading with this deviation. */
const CORE_CROWDING = { factor: 0.8, sigmaPx: 55 }

export function randomFinger(random: Random): SyntheticFinger {
  const field = randomField(random)
  const density = random.between(...DENSITY)
  const wanted = Math.round(density * Math.PI * PAD.x * PAD.y)
  const minutiae: SkinMinutia[] = []
  for (let tries = 0; minutiae.length < wanted && tries < 40 * wanted; tries++) {
    const place = { x: random.between(-PAD.x, PAD.x), y: random.between(-PAD.y, PAD.y) }
    if ((place.x / PAD.x) ** 2 + (place.y / PAD.y) ** 2 > 1) continue
    if (random.next() * (1 + CORE_CROWDING.factor) > 1 + crowding(field, place)) continue
    if (minutiae.some((other) => isNear(other, place))) continue
    minutiae.push({
      ...place,
      angleRad:
        field.at(place) + (random.next() < forwardShare(field, place, density) ? 0 : Math.PI) + 0.06 * random.normal(),
      type: random.next() < 0.55 ? 1 : 2,
      clarity: random.next(),
    })
  }
  return { field, minutiae }
}

function crowding(field: OrientationField, place: Place): number {
  const squares = field.cores.map((core) => (core.x - place.x) ** 2 + (core.y - place.y) ** 2)
  const nearest = Math.min(Infinity, ...squares)
  return CORE_CROWDING.factor * Math.exp(-nearest / (2 * CORE_CROWDING.sigmaPx ** 2))
}

function isNear(a: Place, b: Place): boolean {
  return (a.x - b.x) ** 2 + (a.y - b.y) ** 2 < APART_PX ** 2
}

/**
 * Probability that a minutia points along the field's own direction and not against it. Ridges keep their width: where they
 * spread, new ones must begin, one for each width gained, and a minutia points into its ridge. So minutiae of different fingers
 * with the same pattern agree, which makes non-mated pairs as alike as real ones are.
 */
function forwardShare(field: OrientationField, place: Place, density: number): number {
  const direction = field.at(place)
  const normal = { x: -STEP_PX * Math.sin(direction), y: STEP_PX * Math.cos(direction) }
  const left = field.at({ x: place.x + normal.x, y: place.y + normal.y })
  const right = field.at({ x: place.x - normal.x, y: place.y - normal.y })
  const halfTurns = Math.round((left - right) / Math.PI)
  const spreadPerPx = (left - right - halfTurns * Math.PI) / (2 * STEP_PX)
  const bornPerMinutia = spreadPerPx / RIDGE_PERIOD_PX / density
  return 0.5 + 0.5 * Math.max(-POLARITY_MAX, Math.min(POLARITY_MAX, bornPerMinutia))
}
