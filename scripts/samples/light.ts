import { add, clamp, dot, mix, scale, smoothstep, type Vec3 } from './vec.js'

/** A lamp far away. `colour` is what a white surface facing it gives back, linear RGB. */
export interface Lamp {
  readonly toward: Vec3 // unit, from the head to the lamp
  readonly colour: Vec3
  readonly penumbraCm: number // width of its shadows' edge: a window's is wide, the sun's narrow
  readonly castsShadow: boolean
  readonly sizeRad: number // half its angular size, for the reflection in the eyes
}

/** All the light of a scene. */
export interface LightRig {
  readonly lamps: readonly Lamp[]
  readonly sky: Vec3 // ambient light from above
  readonly ground: Vec3 // ambient light from below
}

/** A lamp by its bearing: azimuth towards the picture's right, elevation upwards, degrees. */
export function lamp(azimuthDeg: number, elevationDeg: number, colour: Vec3, more: Partial<Lamp> = {}): Lamp {
  const [a, e] = [(azimuthDeg * Math.PI) / 180, (elevationDeg * Math.PI) / 180]
  const toward: Vec3 = [Math.sin(a) * Math.cos(e), Math.sin(e), Math.cos(a) * Math.cos(e)]
  return { toward, colour, penumbraCm: 0.9, castsShadow: true, sizeRad: 0.22, ...more }
}

/** Ambient light from a direction, blurred as wide as skin blurs it. */
export function ambient(rig: LightRig, direction: Vec3): Vec3 {
  return mix(rig.ground, rig.sky, smoothstep(-1, 1, direction[1]))
}

/** What a mirror sees in a direction: the surroundings, and the lamps as discs of their size and brightness. */
export function mirrored(rig: LightRig, direction: Vec3, roughness: number): Vec3 {
  let colour = scale(ambient(rig, direction), 0.6)
  for (const { toward, colour: lampColour, sizeRad } of rig.lamps) {
    const angle = Math.acos(clamp(dot(direction, toward), -1, 1))
    const seen = 1 - smoothstep(sizeRad * 0.85, sizeRad * 1.1 + roughness, angle)
    const wide = Math.max(0.2, sizeRad) + 0.5 * roughness // a sun's pinpoint overflows any sensor: no use being exact
    colour = add(colour, scale(lampColour, seen / (Math.PI * wide * wide)))
  }
  return colour
}
