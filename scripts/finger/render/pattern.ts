import type { Random } from '../../samples/random.js'
import { smoothNoise, type Surface } from './smooth-noise.js'

/** The area in which ridges grow, pixels at 500 dpi: larger than any impression of it. */
export const MASTER_SIZE = { widthPx: 460, heightPx: 500 } as const

export type PatternClass = 'left-loop' | 'right-loop' | 'whorl' | 'arch' | 'tented-arch'

/** Shares of natural fingers (Wilson, Candela and Watson 1994), cumulated. */
const CLASS_SHARES: readonly (readonly [PatternClass, number])[] = [
  ['left-loop', 0.338],
  ['right-loop', 0.655],
  ['whorl', 0.934],
  ['arch', 0.971],
  ['tented-arch', 1],
]
/** Mean ridge period of adults, pixels: 0.46 mm; fingers differ by about a tenth, places on one finger as much. */
const PERIOD = { meanPx: 9, fingerSpread: 0.08, placeSpread: 0.1, scalePx: 140 } as const
/** No two fingers follow the formula: a smooth turn of a few degrees. */
const WOBBLE = { rad: 0.16, scalePx: 110 } as const

/** What makes a finger that finger, besides the chance by which its ridges grow. */
export interface Pattern {
  readonly patternClass: PatternClass
  /** Orientation of the ridges at a place (y down), radians clockwise as seen. */
  readonly ridgeAngleRad: Surface
  readonly periodPx: Surface
}

interface Place {
  readonly x: number
  readonly y: number
}

/** Draws a finger's class, singular points, orientation and ridge period. */
export function drawPattern(random: Random): Pattern {
  const { widthPx, heightPx } = MASTER_SIZE
  const drawn = random.next()
  const [patternClass] = CLASS_SHARES.find(([, upTo]) => drawn < upTo) ?? CLASS_SHARES[0]!
  const centre = { x: widthPx / 2 + 14 * random.normal(), y: 0.46 * heightPx + 16 * random.normal() }
  const base = patternClass === 'arch' ? arch(centre, random) : zeroPole(singularPoints(patternClass, centre, random))
  const wobble = smoothNoise(random, widthPx, heightPx, WOBBLE.scalePx)
  const fingerPx = PERIOD.meanPx * (1 + PERIOD.fingerSpread * random.normal())
  const place = smoothNoise(random, widthPx, heightPx, PERIOD.scalePx)
  return {
    patternClass,
    ridgeAngleRad: (x, y) => base(x, y) + WOBBLE.rad * wobble(x, y),
    periodPx: (x, y) => Math.max(6, Math.min(13, fingerPx * (1 + PERIOD.placeSpread * place(x, y)))),
  }
}

interface SingularPoints {
  readonly cores: readonly Place[]
  readonly deltas: readonly Place[]
}

function singularPoints(patternClass: PatternClass, { x, y }: Place, random: Random): SingularPoints {
  const near = (dx: number, dy: number): Place => ({ x: x + dx + 8 * random.normal(), y: y + dy + 8 * random.normal() })
  const side = random.between(85, 130)
  const drop = random.between(90, 140)
  switch (patternClass) {
    case 'left-loop':
      return { cores: [near(0, 0)], deltas: [near(side, drop)] }
    case 'right-loop':
      return { cores: [near(0, 0)], deltas: [near(-side, drop)] }
    case 'tented-arch':
      return { cores: [near(0, 0)], deltas: [near(0, drop * 0.8)] }
    default: {
      const gap = random.between(15, 60)
      return { cores: [near(0, -gap / 2), near(0, gap / 2)], deltas: [near(-side - 20, drop), near(side + 20, drop)] }
    }
  }
}

/** The zero-pole model: each core turns the ridges by half the angle at which it is seen, each delta back (Sherlock and Monro 1993). */
function zeroPole({ cores, deltas }: SingularPoints): Surface {
  const sum = (places: readonly Place[], x: number, y: number) =>
    places.reduce((total, place) => total + Math.atan2(y - place.y, x - place.x), 0)
  return (x, y) => (sum(cores, x, y) - sum(deltas, x, y)) / 2
}

/** Waves that are highest in the middle (Cappelli, SFinGe). */
function arch({ x: cx, y: cy }: Place, random: Random): Surface {
  const slope = random.between(0.7, 1.3)
  const { widthPx, heightPx } = MASTER_SIZE
  return (x, y) =>
    Math.atan(slope * Math.exp(-(((y - cy) / (0.4 * heightPx)) ** 2)) * Math.sin((2 * Math.PI * (x - cx)) / widthPx))
}
