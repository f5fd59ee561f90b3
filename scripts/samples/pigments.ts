import type { Vec3 } from './vec.js'

/** Hair colours, linear reflectance. */
export const HAIR_COLOURS = {
  black: [0.016, 0.013, 0.012],
  darkBrown: [0.034, 0.021, 0.014],
  brown: [0.085, 0.048, 0.027],
  blonde: [0.36, 0.25, 0.135],
  red: [0.25, 0.085, 0.03],
  ash: [0.16, 0.13, 0.1],
} satisfies Record<string, Vec3>
export type HairColour = keyof typeof HAIR_COLOURS

/** Iris colours, linear reflectance: the body of the iris, and the ring around the pupil. */
export const IRIS_COLOURS = {
  blue: [[0.12, 0.2, 0.3], [0.24, 0.26, 0.22]],
  grey: [[0.16, 0.19, 0.21], [0.22, 0.21, 0.17]],
  green: [[0.11, 0.15, 0.08], [0.22, 0.16, 0.06]],
  hazel: [[0.13, 0.1, 0.045], [0.17, 0.09, 0.03]],
  brown: [[0.085, 0.042, 0.018], [0.1, 0.05, 0.02]],
  dark: [[0.036, 0.018, 0.01], [0.045, 0.022, 0.012]],
} satisfies Record<string, readonly [Vec3, Vec3]> // prettier-ignore
export type IrisColour = keyof typeof IRIS_COLOURS

/** Garment colours, linear reflectance. */
export const CLOTH_COLOURS: readonly Vec3[] = [
  [0.02, 0.03, 0.07],
  [0.3, 0.3, 0.31],
  [0.025, 0.025, 0.028],
  [0.55, 0.54, 0.52],
  [0.22, 0.04, 0.045],
  [0.05, 0.1, 0.075],
  [0.1, 0.16, 0.28],
  [0.32, 0.25, 0.16],
  [0.12, 0.07, 0.13], // prettier-ignore
]
