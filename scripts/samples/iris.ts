import { fractal, noise } from './noise.js'
import type { Texel } from './texel.js'
import { mix, smoothstep, type Vec3 } from './vec.js'

/** The colours of an eye. */
export interface Iris {
  readonly outer: Vec3 // linear RGB
  readonly inner: Vec3 // ring around the pupil
  readonly pupil: number // radius, as a fraction of the iris
  readonly seed: number
}

const IRIS_SINE = 0.485 // iris radius over eyeball radius, 0.6 cm over 1.25 cm
const WHITE: Vec3 = [0.46, 0.41, 0.385] // the sclera is far from paper white
const VEIN: Vec3 = [0.5, 0.2, 0.16]

/** Colour of the eyeball at a point of the unit sphere whose pupil lies at +z. */
export function eyeTexel(iris: Iris, x: number, y: number, z: number): Texel {
  const radius = Math.hypot(x, y) / IRIS_SINE
  const limbus = smoothstep(1.05, 0.9, radius) * (z > 0 ? 1 : 0)
  const albedo = mix(sclera(x, y, z, iris.seed), irisColour(iris, x, y, radius), limbus)
  return { albedo, roughness: limbus > 0.5 ? 0.04 : 0.3, specular: limbus > 0.5 ? 2.6 : 0.5, bump: [0, 0, 0] }
}

function sclera(x: number, y: number, z: number, seed: number): Vec3 {
  const vein = smoothstep(0.1, 0, Math.abs(noise(x * 7 + seed, y * 11, z * 4))) * smoothstep(0.55, 0.95, Math.abs(x))
  return mix(mix(WHITE, VEIN, 0.3 * smoothstep(0.6, 1, Math.abs(x))), VEIN, 0.3 * vein)
}

function irisColour(iris: Iris, x: number, y: number, radius: number): Vec3 {
  const angle = Math.atan2(y, x)
  const fibre = fractal(Math.cos(angle) * 9 + iris.seed, Math.sin(angle) * 9, radius * 1.3, 3)
  const ring = smoothstep(0.75, 0.4, radius + 0.12 * fibre)
  const bright = (0.95 + 0.75 * fibre) * (1.1 - 0.25 * radius) * (1 - 0.75 * smoothstep(0.78, 1, radius))
  const colour = mix(iris.outer, iris.inner, ring)
  const pupil = smoothstep(iris.pupil - 0.05, iris.pupil + 0.05, radius)
  return [colour[0] * bright * pupil, colour[1] * bright * pupil, colour[2] * bright * pupil]
}

/** The cornea bulges: its normal leans out faster than the eyeball's, which moves the catch light. */
export function corneaNormal(normal: Vec3, rest: Vec3): Vec3 {
  const radius = Math.hypot(rest[0], rest[1]) / IRIS_SINE
  const extra = rest[2] > 0 ? 0.55 * smoothstep(1.1, 0.8, radius) : 0
  const lean: Vec3 = [normal[0] + rest[0] * extra, normal[1] + rest[1] * extra, normal[2]]
  const size = Math.hypot(...lean)
  return [lean[0] / size, lean[1] / size, lean[2] / size]
}
