import type { Shot } from './photo.js'
import { randomFrom } from './random.js'
import { jitter, SETTINGS, type SettingName } from './settings.js'

/** Occasion of a picture. */
export interface Occasion {
  readonly setting: SettingName
  readonly yawDeg: number
  readonly pitchDeg: number
  readonly rollDeg: number
  readonly expression: Shot['expression']
  readonly noise: number
  readonly blurPx: number
  readonly jpegQuality: number
}

/** Three visits to enrol: frontal and calm, but not on the same day. */
export const ENROLMENTS: readonly Occasion[] = [
  { setting: 'desk', yawDeg: 0, pitchDeg: 0, rollDeg: 0, expression: {}, noise: 2, blurPx: 0.4, jpegQuality: 86 },
  {
    setting: 'window',
    yawDeg: -9,
    pitchDeg: 2,
    rollDeg: -1,
    expression: { smile: 0.45 },
    noise: 2.6,
    blurPx: 0.45,
    jpegQuality: 84,
  },
  {
    setting: 'indoor',
    yawDeg: 10,
    pitchDeg: -3,
    rollDeg: 2,
    expression: { browsUp: 0.3 },
    noise: 3.2,
    blurPx: 0.5,
    jpegQuality: 82,
  },
]

/** Two later encounters: other light, other pose, other face, a worse camera. */
export const ENCOUNTERS: readonly Occasion[] = [
  {
    setting: 'outdoor',
    yawDeg: 15,
    pitchDeg: 3,
    rollDeg: -4,
    expression: { smile: 0.85, squint: 0.3 },
    noise: 3.4,
    blurPx: 0.5,
    jpegQuality: 80,
  },
  {
    setting: 'sun',
    yawDeg: -14,
    pitchDeg: -5,
    rollDeg: 4,
    expression: { frown: 0.4, parted: 0.3, squint: 0.3 },
    noise: 4.5,
    blurPx: 0.6,
    jpegQuality: 76,
  },
]

const rad = (deg: number): number => (deg * Math.PI) / 180

/** One picture of a person; `seed` names it and moves everything a little. */
export function shotOf(occasion: Occasion, seed: string, glasses: boolean): Shot {
  const random = randomFrom(`shot ${seed}`)
  const setting = SETTINGS[occasion.setting]
  const tint = random.between(0.8, 1.2)
  return {
    seed,
    glasses,
    pose: {
      yawRad: rad(jitter(random, occasion.yawDeg, 2)),
      pitchRad: rad(jitter(random, occasion.pitchDeg, 1.5)),
      rollRad: rad(jitter(random, occasion.rollDeg, 1.2)),
    },
    expression: occasion.expression,
    light: setting.light(random),
    backdrop: {
      kind: setting.backdrop,
      near: [setting.near[0] * tint, setting.near[1], setting.near[2] / tint],
      far: setting.far,
      seed: Math.floor(random.between(0, 900)),
    },
    sensor: {
      exposure: random.between(0.9, 1.1),
      whiteBalance: setting.whiteBalance,
      noise: occasion.noise,
      blurPx: occasion.blurPx,
      contrast: 1.05,
      saturation: 1.1,
      vignette: 0.14,
      jpegQuality: occasion.jpegQuality,
    },
    pxPerCm: jitter(random, 11.3, 0.25),
    shiftPx: [jitter(random, 0, 5), jitter(random, 0, 4)],
  }
}
