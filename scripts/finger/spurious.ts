import type { Random } from '../samples/random.js'
import type { Contact } from './contact.js'
import type { SyntheticFinger } from './finger.js'
import { randomQuality, type FoundMinutia } from './found-minutia.js'
import type { Place } from './orientation-field.js'

/** Share of the spurious minutiae that come as two facing ends: a ridge broken by a pore, a crease or dry skin. */
const BROKEN_RIDGE_SHARE = 0.45
/** Share of them that lie in the badly printed parts, where there are any. */
const CLUSTERED_SHARE = 0.6
/** Two ends of a break, px: extractors close shorter gaps (mindtct joins below about 8 px). */
const GAP_PX = [8, 16] as const

/**
 * What an extractor takes for minutiae: the share of all found ones that the contact says. They follow the ridges, as
 * real ones do, because an extractor finds them on ridges.
 */
export function spuriousMinutiae(
  finger: SyntheticFinger,
  contact: Contact,
  foundCount: number,
  random: Random,
): readonly FoundMinutia[] {
  const wanted = Math.round((foundCount * contact.spuriousShare) / (1 - contact.spuriousShare))
  const made: FoundMinutia[] = []
  while (made.length < wanted) {
    const place = randomPlace(contact, random)
    const along = finger.field.at(place) + 0.15 * random.normal()
    const forward = random.next() < 0.5 ? along : along + Math.PI
    made.push(spurious(place, forward, random))
    if (random.next() < BROKEN_RIDGE_SHARE && made.length < wanted) {
      const gap = random.between(...GAP_PX)
      // The other end lies behind, and points away.
      const end = { x: place.x - gap * Math.cos(forward), y: place.y - gap * Math.sin(forward) }
      made.push(spurious(end, forward + Math.PI, random))
    }
  }
  return made
}

function randomPlace(contact: Contact, random: Random): Place {
  if (contact.badSpots.length === 0 || random.next() > CLUSTERED_SHARE) return contact.randomPlace(random)
  const spot = random.pick(contact.badSpots)
  return {
    x: spot.x + 0.5 * spot.radiusPx * random.normal(),
    y: spot.y + 0.5 * spot.radiusPx * random.normal(),
  }
}

function spurious(place: Place, angleRad: number, random: Random): FoundMinutia {
  const type = random.next() < 0.6 ? 1 : 2
  return { ...place, angleRad, type, quality: randomQuality(0.5, random), skinIndex: -1 }
}
