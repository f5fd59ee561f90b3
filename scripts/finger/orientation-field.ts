import type { Random } from '../samples/random.js'

/** Places in px at 500 dpi, y up, from the middle of the finger pad. */
export interface Place {
  readonly x: number
  readonly y: number
}

/** The flow of a synthetic finger's ridges. */
export interface OrientationField {
  /** Direction of the ridge at a place, radians; it is known up to a half turn. */
  at(place: Place): number
  /** Middles of the loops: minutiae crowd around them. Empty for a plain arch. */
  readonly cores: readonly Place[]
}

/**
 * Shares of the pattern classes among people's fingers, in percent (FINGERPRINT.md, §2.3; close to the natural shares of
 * Wilson, Candela and Watson, "Neural network fingerprint classification", 1994: 33.8 / 31.7 / 27.9 / 3.7 / 2.9).
 */
const CLASS_SHARES = [
  ['left-loop', 33],
  ['right-loop', 33],
  ['whorl', 27],
  ['arch', 4],
  ['tented-arch', 3],
] as const
type PatternClass = (typeof CLASS_SHARES)[number][0]

/**
 * The zero-pole model (Sherlock and Monro, "A model for interpreting fingerprint topology", Pattern Recognition 26(7),
 * 1993): direction = ½·(Σ angle from the cores − Σ angle from the deltas). An arch has neither: its ridges rise and fall.
 */
export function randomField(random: Random): OrientationField {
  const pattern = pickClass(random)
  if (pattern === 'arch') return archField(random)
  const { cores, deltas } = singularities(pattern, random)
  const at = ({ x, y }: Place) => {
    let angle = 0
    for (const core of cores) angle += Math.atan2(y - core.y, x - core.x) / 2
    for (const delta of deltas) angle -= Math.atan2(y - delta.y, x - delta.x) / 2
    return angle
  }
  return { at, cores }
}

function pickClass(random: Random): PatternClass {
  let left = random.next() * 100
  for (const [pattern, share] of CLASS_SHARES) {
    left -= share
    if (left < 0) return pattern
  }
  return 'left-loop'
}

/** Where loops and deltas usually lie, in px: our own estimate from the proportions of printed examples. */
function singularities(pattern: PatternClass, random: Random): { cores: readonly Place[]; deltas: readonly Place[] } {
  const near = (x: number, y: number, spread: number): Place => ({
    x: x + spread * random.normal(),
    y: y + spread * random.normal(),
  })
  const core = near(0, 25, 12)
  if (pattern === 'left-loop') return { cores: [core], deltas: [near(110, -95, 22)] }
  if (pattern === 'right-loop') return { cores: [core], deltas: [near(-110, -95, 22)] }
  if (pattern === 'tented-arch') return { cores: [core], deltas: [near(0, -75, 15)] }
  const lower = { x: core.x + 12 * random.normal(), y: core.y - random.between(15, 75) }
  return { cores: [core, lower], deltas: [near(-115, -95, 22), near(115, -95, 22)] }
}

function archField(random: Random): OrientationField {
  const height = random.between(0.4, 1.1)
  const at = ({ x, y }: Place) => {
    const rise = height * Math.max(0, Math.min(1, 0.6 - y / 300))
    return Math.atan(-rise * Math.sin((Math.PI * Math.max(-150, Math.min(150, x))) / 150))
  }
  return { at, cores: [] }
}
