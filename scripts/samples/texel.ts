import type { Vec3 } from './vec.js'

/** What the lamp meets at one point of a surface. */
export interface Texel {
  readonly albedo: Vec3 // linear RGB
  readonly roughness: number // 0 mirror .. 1 chalk
  readonly specular: number // strength of the reflection against plain skin's
  readonly bump: Vec3 // gradient of the fine relief, centimetres per centimetre
}
