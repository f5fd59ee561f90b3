import type { Eyeball } from './eyeball.js'
import { cellHash } from './noise.js'
import type { Strand } from './strands.js'
import { add, normalize, pointAt, scale, sub, type Vec3 } from './vec.js'

const UPPER = 9 // the first points of an eye ring run along the upper lid, from the outer corner to the inner
const LASHES = 70

/** Lashes along both lids of one eye. `ring` are the cage's points around it; `strength` 0..1 makes them longer. */
export function growLashes(
  cagePoints: Float64Array,
  ring: readonly number[],
  eye: Eyeball,
  strength: number,
): Strand[] {
  const edge = ring.map((p) => pointAt(cagePoints, p))
  const upper = edge.slice(0, UPPER)
  const lower = [edge[0]!, ...edge.slice(UPPER).reverse(), edge[UPPER - 1]!]
  return [
    ...lashesAlong(upper, eye, 0.5 + 0.35 * strength, 0.85, 0.42 + 0.15 * strength),
    ...lashesAlong(lower, eye, 0.25 + 0.1 * strength, -0.7, 0.14),
  ]
}

function lashesAlong(line: readonly Vec3[], eye: Eyeball, reachCm: number, rise: number, opacity: number): Strand[] {
  return Array.from({ length: LASHES }, (_, i) => {
    const t = 0.02 + 0.9 * ((i + 0.6 * cellHash(i, 1, 2)) / LASHES)
    const root = onLid(pointOn(line, t), eye)
    const out = normalize(sub(root, eye.centre))
    const reach = reachCm * (0.65 + 0.5 * cellHash(i, 3, 4)) * (1 - 0.45 * t)
    const side = (root[0] - eye.centre[0]) * 0.5
    const middle = add(root, scale(normalize([out[0] + side, out[1] + 0.25 * rise, out[2] + 0.5]), reach * 0.55))
    const tip = add(middle, scale(normalize([out[0] + side, out[1] + rise, out[2]]), reach * 0.5))
    return {
      points: [root, middle, tip],
      colour: [0.01, 0.008, 0.007],
      rootShade: 0,
      opacity,
      gloss: 0,
      castsShadow: false,
    }
  })
}

/** A point on the line through `line`, t from its first to its last point. */
function pointOn(line: readonly Vec3[], t: number): Vec3 {
  const place = t * (line.length - 1)
  const i = Math.min(line.length - 2, Math.floor(place))
  return add(line[i]!, scale(sub(line[i + 1]!, line[i]!), place - i))
}

function onLid(point: Vec3, eye: Eyeball): Vec3 {
  const offset = sub(point, eye.centre)
  const distance = Math.hypot(...offset)
  return add(eye.centre, scale(offset, Math.max(distance, eye.radius + 0.06) / distance))
}
