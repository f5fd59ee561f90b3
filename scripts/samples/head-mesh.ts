import { FACE_POINTS_MILLI } from './face-template-points.js'
import { FACE_TRIANGLES } from './face-template-triangles.js'
import { PAINT, PAINT_STRIDE } from './mesh.js'
import { refinementOf, type Refinement } from './subdivide.js'
import { add, length, mix, normalize, pointAt, scale, smoothstep, sub, type Vec3 } from './vec.js'

/**
 * The undeformed head as a coarse cage: the template's face, continued over the skull, with pockets behind the
 * eyelids and lips so that lids and lips have thickness. Every subject is a displacement of this cage.
 */
export interface HeadCage {
  readonly rest: Float64Array
  readonly paint: Float64Array
  readonly refinement: Refinement
}

// Rings of the template, in order around; from MediaPipe's published landmark map.
const OVAL = [10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109] // prettier-ignore
export const RIGHT_EYE_RING = [33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7]
export const LEFT_EYE_RING = [263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249]
const LIP_INNER = [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95]
const LIP_OUTER = [61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146]
const LIP_BETWEEN = [76, 184, 74, 73, 72, 11, 302, 303, 304, 408, 306, 307, 320, 404, 315, 16, 85, 180, 90, 77, 62, 183, 42, 41, 38, 12, 268, 271, 272, 407, 292, 325, 319, 403, 316, 15, 86, 179, 89, 96] // prettier-ignore

const SKULL_CENTRE: Vec3 = [0, 3.4, -4.2]
const SKULL_RADII: Vec3 = [7.75, 9.3, 9.6] // half width, height, length of an average adult cranium
const SKULL_RINGS = 11
const LEVELS = 3 // edges of about 1 mm: finer than a pixel at 11 px/cm

export function buildHeadCage(): HeadCage {
  const cage = new CageBuilder()
  const holes = [RIGHT_EYE_RING, LEFT_EYE_RING, LIP_INNER]
  cage.remove((corners) => holes.some((ring) => corners.every((p) => ring.includes(p))))
  for (const p of [...LIP_OUTER, ...LIP_BETWEEN, ...LIP_INNER]) cage.mark(p, PAINT.lip)
  growSkull(cage)
  for (const ring of [RIGHT_EYE_RING, LEFT_EYE_RING]) growEyePocket(cage, ring)
  growMouthPocket(cage)
  return cage.finish()
}

function growSkull(cage: CageBuilder): void {
  const pole: Vec3 = [0, -0.15, -1]
  const starts = OVAL.map((p) => sub(cage.point(p), SKULL_CENTRE))
  let ring = OVAL
  for (let k = 1; k <= SKULL_RINGS; k++) {
    const t = k / (SKULL_RINGS + 1)
    ring = cage.extrude(ring, (_, i) => {
      const start = starts[i]!
      const direction = arc(normalize(start), normalize(pole), t)
      const radius = length(start) + (skullRadius(direction) - length(start)) * smoothstep(0, 0.45, t)
      return add(SKULL_CENTRE, scale(direction, radius))
    })
  }
  cage.close(ring, add(SKULL_CENTRE, scale(normalize(pole), skullRadius(normalize(pole)))))
}

const skullRadius = (d: Vec3): number =>
  1 / Math.hypot(d[0] / SKULL_RADII[0], d[1] / SKULL_RADII[1], d[2] / SKULL_RADII[2])

function arc(from: Vec3, to: Vec3, t: number): Vec3 {
  const angle = Math.acos(from[0] * to[0] + from[1] * to[1] + from[2] * to[2])
  const sine = Math.sin(angle)
  return add(scale(from, Math.sin((1 - t) * angle) / sine), scale(to, Math.sin(t * angle) / sine))
}

/** The lid's edge turns in towards the eyeball (the wet margin), then follows it back out of sight. */
function growEyePocket(cage: CageBuilder, ring: readonly number[]): void {
  const centre = cage.centre(ring)
  const margin = cage.extrude(ring, (p) => add(mix(p, centre, 0.03), [0, 0, -0.16]), PAINT.lidInside)
  cage.extrude(margin, (p) => add(mix(centre, p, 1.12), [0, 0, -1.1]), PAINT.lidInside)
}

function growMouthPocket(cage: CageBuilder): void {
  const centre = cage.centre(LIP_INNER)
  const inner = cage.extrude(LIP_INNER, (p) => add(mix(centre, p, 1), [0, 0, -0.5]), PAINT.mouthInside)
  const back = cage.extrude(inner, (p) => add(mix(centre, p, 0.9), [0, 0, -1.6]), PAINT.mouthInside)
  cage.close(back, add(centre, [0, 0, -1.7]), PAINT.mouthInside)
}

class CageBuilder {
  readonly #points: Vec3[] = Array.from({ length: FACE_POINTS_MILLI.length / 3 }, (_, i) =>
    scale(pointAt(FACE_POINTS_MILLI, i), 0.001),
  )
  #triangles: number[] = [...FACE_TRIANGLES]
  readonly #marks: (readonly [point: number, channel: number])[] = []

  point(p: number): Vec3 {
    return this.#points[p]!
  }

  centre(ring: readonly number[]): Vec3 {
    return scale(
      ring.reduce<Vec3>((sum, p) => add(sum, this.point(p)), [0, 0, 0]),
      1 / ring.length,
    )
  }

  mark(p: number, channel: number): void {
    this.#marks.push([p, channel])
  }

  remove(unwanted: (corners: readonly number[]) => boolean): void {
    const kept: number[] = []
    for (let t = 0; t < this.#triangles.length; t += 3) {
      const corners = this.#triangles.slice(t, t + 3)
      if (!unwanted(corners)) kept.push(...corners)
    }
    this.#triangles = kept
  }

  /** A new ring of points joined to `ring` by a strip of triangles; returns its point numbers. */
  extrude(ring: readonly number[], place: (p: Vec3, i: number) => Vec3, channel?: number): number[] {
    const inward = this.#runsAlongBorder(ring)
    const grown = ring.map((p, i) => this.#addPoint(place(this.point(p), i), channel))
    ring.forEach((a, i) => {
      const j = (i + 1) % ring.length
      const [b, c, d] = [ring[j]!, grown[i]!, grown[j]!]
      this.#triangles.push(...(inward ? [b, a, c, b, c, d] : [a, b, c, b, d, c]))
    })
    return grown
  }

  /** Closes `ring` by a fan to one point. */
  close(ring: readonly number[], apex: Vec3, channel?: number): void {
    const inward = this.#runsAlongBorder(ring)
    const tip = this.#addPoint(apex, channel)
    ring.forEach((a, i) => {
      const b = ring[(i + 1) % ring.length]!
      this.#triangles.push(...(inward ? [b, a, tip] : [a, b, tip]))
    })
  }

  finish(): HeadCage {
    const paint = new Float64Array(this.#points.length * PAINT_STRIDE)
    for (const [p, channel] of this.#marks) paint[p * PAINT_STRIDE + channel] = 1
    const refinement = refinementOf(Uint32Array.from(this.#triangles), this.#points.length, LEVELS)
    return { rest: Float64Array.from(this.#points.flat()), paint, refinement }
  }

  #addPoint(point: Vec3, channel: number | undefined): number {
    this.#points.push(point)
    const index = this.#points.length - 1
    if (channel !== undefined) this.mark(index, channel)
    return index
  }

  /** Whether a triangle already owns the side ring[0] → ring[1]; the strip must then own it the other way round. */
  #runsAlongBorder(ring: readonly number[]): boolean {
    for (let t = 0; t < this.#triangles.length; t++) {
      const next = t % 3 === 2 ? t - 2 : t + 1
      if (this.#triangles[t] === ring[0] && this.#triangles[next] === ring[1]) return true
    }
    return false
  }
}
