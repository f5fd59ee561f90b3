import type { Vec3 } from './vec.js'

/** One hair: points from root to tip, centimetres. */
export interface Strand {
  readonly points: readonly Vec3[]
  readonly colour: Vec3 // linear RGB at the tip
  readonly rootShade: number // how much darker the root is, 0..1: it lies deep in the hair
  readonly opacity: number // coverage of a supersampled pixel; thin hairs cover little
  readonly gloss: number
  readonly castsShadow: boolean
}
