import { combDirection, hairLength, scalpDensity, type HairStyle } from './hair-style.js'
import type { Surface } from './mesh.js'
import { cellHash, noise } from './noise.js'
import { scatterRoots, type Root } from './scatter-roots.js'
import { SkullField } from './skull-field.js'
import type { Strand } from './strands.js'
import { add, cross, normalize, scale, smoothstep, type Vec3 } from './vec.js'

const STEP_CM = 0.85
const CURL_STEP_CM = 0.5 // fine enough to wind
const STEPS_MAX = 36

/** Grows every hair of a style from the scalp of an unturned head. */
export function growHair(scalp: Surface, style: HairStyle): Strand[] {
  const field = new SkullField(scalp.mesh.points)
  const roots = scatterRoots(scalp, style.perCm2, (x, y, z) => scalpDensity(style, x, y, z))
  return roots.map((root) => growStrand(root, style, field))
}

function growStrand(root: Root, style: HairStyle, field: SkullField): Strand {
  const length = hairLength(style, ...root.rest) * (0.8 + 0.35 * root.dice)
  const steps = Math.max(3, Math.min(STEPS_MAX, Math.ceil(length / (style.curlCm > 0 ? CURL_STEP_CM : STEP_CM))))
  const step = length / steps
  const layer = 0.04 + (0.1 + 0.45 * style.lift) * root.dice * Math.min(1, length / 6) // hairs lie on top of one another
  const lock = lockOf(root, style)
  let at = root.at
  let direction = normalize(
    add(scale(root.normal, 0.25 + 1.4 * style.lift), scale(combDirection(style, root.at), 0.95 - 0.7 * style.lift)),
  )
  const points: Vec3[] = [at]
  const pace = step / STEP_CM // a hair bends per centimetre, not per step
  for (let i = 1; i <= steps; i++) {
    const t = i / steps
    const comb = scale(combDirection(style, at), 0.36 * (1 - 0.85 * style.lift) * (1 - 0.7 * t))
    const pull = add(comb, [0, -0.5 * style.gravity * (0.3 + t), 0])
    const wander = scale(lock.wander(at, t), style.frizz)
    direction = normalize(add(direction, scale(add(pull, wander), 1.45 * pace)))
    at = field.lift(add(at, scale(direction, step)), layer * smoothstep(0, 0.3, t))
    points.push(at)
  }
  const shape = style.curlCm > 0 ? curl(points, style, lock.phase, step) : points
  const grey = isGrey(style, root)
  return {
    points: shape,
    colour: hairColour(style, root, grey),
    rootShade: 0.5,
    opacity: grey && style.grey < 0.5 ? 0.36 : 0.62,
    gloss: 1,
    castsShadow: true,
  }
}

/** Hairs keep together in locks: neighbours share their wandering and the phase of their curls. */
function lockOf(root: Root, style: HairStyle): { phase: number; wander: (at: Vec3, t: number) => Vec3 } {
  const cell = style.curlCm > 0 ? 1.1 : 1.6
  const [x, y, z] = root.rest
  const id = cellHash(
    Math.floor(x / cell + 0.3 * noise(y, z, 1)),
    Math.floor(y / cell),
    Math.floor(z / cell) + style.seed,
  )
  const own = root.dice - 0.5
  return {
    phase: 6.28 * id + 1.6 * own,
    wander: (at, t) => [
      0.3 * noise(at[0] * 0.6 + 40 * id, at[1] * 0.6, at[2] * 0.6) + 0.3 * own * t,
      0.2 * noise(at[1] * 0.6 + 20 * id, at[2] * 0.6, at[0] * 0.6),
      0.3 * noise(at[2] * 0.6 + 30 * id, at[0] * 0.6, at[1] * 0.6) +
        0.3 * (cellHash(Math.floor(root.dice * 1e6), 1, 1) - 0.5) * t,
    ],
  }
}

/** Winds the hair round its own path. */
function curl(points: readonly Vec3[], style: HairStyle, phase: number, stepCm: number): Vec3[] {
  return points.map((point, i) => {
    const along = normalize(add(points[Math.min(points.length - 1, i + 1)]!, scale(points[Math.max(0, i - 1)]!, -1)))
    const side = normalize(cross(along, [0.3, 0.2, 0.93]))
    const other = cross(along, side)
    const radius = style.curlCm * smoothstep(0, 2.2, i * stepCm)
    const angle = phase + i * stepCm * style.curlTurnsPerCm * 2 * Math.PI
    return add(point, add(scale(side, radius * Math.cos(angle)), scale(other, radius * Math.sin(angle))))
  })
}

const GREY: Vec3 = [0.2, 0.196, 0.19]

function isGrey(style: HairStyle, root: Root): boolean {
  const temple = 0.3 * smoothstep(7, 2, root.rest[1]) // temples go first
  return cellHash(Math.floor(root.dice * 1e6), 6, 6) < style.grey * (0.8 + temple)
}

function hairColour(style: HairStyle, root: Root, grey: boolean): Vec3 {
  const streak =
    1 +
    0.28 * noise(root.rest[0] * 1.7, root.rest[1] * 1.7, root.rest[2] * 1.7) +
    0.5 * (cellHash(Math.floor(root.dice * 1e6), 5, 5) - 0.5)
  return scale(grey ? GREY : style.colour, streak)
}
