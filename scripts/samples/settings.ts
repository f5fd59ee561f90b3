import type { Backdrop } from './backdrop.js'
import { lamp, type LightRig } from './light.js'
import type { Random } from './random.js'
import type { Vec3 } from './vec.js'

/** Where a picture was taken: its light, what is behind, and how the camera saw it. */
export interface Setting {
  readonly light: (random: Random) => LightRig
  readonly backdrop: Backdrop['kind']
  readonly near: Vec3
  readonly far: Vec3
  readonly whiteBalance: Vec3
}

export const jitter = (random: Random, value: number, by: number): number => value + by * random.normal()

export const SETTINGS = {
  /** An enrolment desk: soft key, soft fill, plain wall. */
  desk: {
    light: (r) => ({
      lamps: [
        lamp(jitter(r, -28, 8), jitter(r, 28, 5), [2.05, 1.97, 1.86], { penumbraCm: 1.3, sizeRad: 0.3 }),
        lamp(jitter(r, 42, 8), 12, [0.5, 0.51, 0.54], { penumbraCm: 1.6, sizeRad: 0.3 }),
      ],
      sky: [0.46, 0.46, 0.48],
      ground: [0.26, 0.23, 0.21],
    }),
    backdrop: 'studio',
    near: [0.42, 0.45, 0.5],
    far: [0.2, 0.22, 0.26],
    whiteBalance: [1, 1, 1],
  },
  /** A window to one side in an office. */
  window: {
    light: (r) => ({
      lamps: [
        lamp(jitter(r, 52, 6), jitter(r, 18, 5), [2.1, 2.15, 2.25], { penumbraCm: 1.8, sizeRad: 0.36 }),
        lamp(-140, 30, [0.9, 0.8, 0.65], { castsShadow: false, sizeRad: 0.15 }),
      ],
      sky: [0.5, 0.5, 0.5],
      ground: [0.36, 0.33, 0.3],
    }),
    backdrop: 'room',
    near: [0.3, 0.27, 0.23],
    far: [0.07, 0.07, 0.08],
    whiteBalance: [1.02, 1, 0.98],
  },
  /** Lamps overhead indoors, warm. */
  indoor: {
    light: (r) => ({
      lamps: [
        lamp(jitter(r, -15, 12), jitter(r, 52, 5), [1.9, 1.66, 1.36], { penumbraCm: 1.2, sizeRad: 0.16 }),
        lamp(30, 5, [0.45, 0.45, 0.48], { castsShadow: false, sizeRad: 0.4 }),
        lamp(150, 35, [1.2, 1, 0.8], { castsShadow: false, sizeRad: 0.15 }),
      ],
      sky: [0.62, 0.56, 0.48],
      ground: [0.42, 0.36, 0.3],
    }),
    backdrop: 'room',
    near: [0.34, 0.24, 0.16],
    far: [0.06, 0.045, 0.04],
    whiteBalance: [0.97, 1, 1.08],
  },
  /** Open shade outdoors: light from the whole sky. */
  outdoor: {
    light: (r) => ({
      lamps: [
        lamp(jitter(r, 20, 20), jitter(r, 42, 6), [1.75, 1.72, 1.66], { penumbraCm: 1.9, sizeRad: 0.4 }),
        lamp(-150, 30, [2, 1.8, 1.4], { castsShadow: false, sizeRad: 0.1 }),
      ],
      sky: [0.78, 0.8, 0.84],
      ground: [0.27, 0.26, 0.19],
    }),
    backdrop: 'garden',
    near: [0.3, 0.38, 0.16],
    far: [0.03, 0.06, 0.03],
    whiteBalance: [1.05, 1, 0.95],
  },
  /** A low sun: hard edges, warm, dark on one side. */
  sun: {
    light: (r) => ({
      lamps: [lamp(jitter(r, -50, 8), jitter(r, 30, 4), [2.9, 2.5, 1.95], { penumbraCm: 0.55, sizeRad: 0.08 })],
      sky: [0.62, 0.7, 0.85],
      ground: [0.42, 0.38, 0.3],
    }),
    backdrop: 'garden',
    near: [0.5, 0.45, 0.25],
    far: [0.06, 0.08, 0.05],
    whiteBalance: [1, 1, 1.02],
  },
} satisfies Record<string, Setting>
export type SettingName = keyof typeof SETTINGS
