import { CLOTH_COLOURS, HAIR_COLOURS, IRIS_COLOURS } from './pigments.js'
import type { Body, Collar } from './body.js'
import type { Cloth } from './cloth.js'
import type { Complexion } from './complexion.js'
import type { Amounts } from './displace.js'
import { FACE_TRAITS, type FaceTrait } from './face-traits.js'
import type { Glasses } from './glasses.js'
import { HAIRCUTS } from './haircuts.js'
import type { HairStyle } from './hair-style.js'
import type { Person } from './person.js'
import { randomFrom, type Random } from './random.js'
import type { Sketch } from './roster.js'
import { clamp, scale } from './vec.js'

/** A sketch filled in: what the sketch leaves open is drawn by lot, always the same lot. */
export function personFrom(sketch: Sketch): Person {
  const random = randomFrom(`person ${sketch.id} ${sketch.seed}`)
  const shape = faceShape(sketch, random)
  const male = sketch.sex === 'male'
  const iris = IRIS_COLOURS[sketch.iris]
  const tint = HAIR_COLOURS[sketch.hairColour]
  return {
    id: sketch.id,
    ageYears: sketch.ageYears,
    shape,
    lidFold: sketch.lidFold,
    complexion: complexion(sketch, random),
    iris: { outer: iris[0], inner: iris[1], pupil: random.between(0.28, 0.42), seed: random.between(0, 90) },
    body: body(male, random),
    cloth: cloth(random),
    ear: {
      lengthCm: random.between(5.8, 6.8) + (male ? 0.3 : 0) + sketch.ageYears * 0.006,
      flareRad: random.between(0.3, 0.65),
    },
    hair: hair(sketch, random),
    brows: {
      thickness: clamp((male ? 1.2 : 0.85) + 0.22 * random.normal(), 0.5, 1.7),
      density: clamp(0.85 + 0.2 * random.normal() - (sketch.ageYears > 60 ? 0.25 : 0), 0.4, 1.2),
      arch: clamp((male ? -0.3 : 0.4) + 0.6 * random.normal(), -1, 1.4),
      colour: scale(tint, sketch.hairColour === 'blonde' ? 0.35 : 0.7),
      seed: random.between(0, 90),
    },
    lashes: male ? 0.2 : 0.8,
    beard: sketch.beard && {
      ...sketch.beard,
      perCm2: sketch.beard.lengthCm < 0.5 ? 60 : 75,
      colour: scale(tint, 0.9),
      grey: sketch.grey,
    },
    glasses: sketch.glasses ? glasses(random) : undefined,
  }
}

// How far men's faces lie from women's along each trait, half the distance; amounts as in FACE_TRAITS.
const SEX_SHAPE: Amounts<FaceTrait> = {
  jawWidth: 0.35,
  jawAngle: 0.4,
  jawLine: 0.4,
  chinLength: 0.2,
  chinWidth: 0.4,
  browRidge: 0.7,
  browHeight: -0.35,
  foreheadSlope: 0.3,
  noseWidth: 0.25,
  noseProject: 0.25,
  noseLength: 0.25,
  noseBridge: 0.25,
  lipUpper: -0.3,
  lipLower: -0.25,
  eyeSize: -0.3,
  cheekbone: -0.1,
  skullWidth: 0.15,
}

const SPREAD = 1.2 // a little wider than chance, to keep 20 people apart

function faceShape(sketch: Sketch, random: Random): Amounts<FaceTrait> {
  const age = clamp((sketch.ageYears - 25) / 50, 0, 1)
  const sex = sketch.sex === 'male' ? 1 : -1
  const shape: Partial<Record<FaceTrait, number>> = {}
  for (const trait of Object.keys(FACE_TRAITS) as FaceTrait[]) {
    shape[trait] = SPREAD * clamp(0.75 * random.normal(), -1.3, 1.3) + sex * (SEX_SHAPE[trait] ?? 0)
  }
  shape.mouthCorner = 0.25 + 0.45 * (shape.mouthCorner ?? 0)
  shape.lipUpper = clamp((shape.lipUpper ?? 0) - 0.5 * age, -1.2, 0.9)
  shape.lipLower = clamp((shape.lipLower ?? 0) - 0.4 * age, -1.2, 0.8)
  shape.sag = age * 1.1
  shape.eyeBag = Math.max(0, (shape.eyeBag ?? 0) * 0.5 + 0.8 * age)
  shape.lidHood = Math.max(-0.3, 0.25 * (shape.lidHood ?? 0) + 0.6 * (1 - sketch.lidFold) + 0.2 * age)
  shape.eyeSize = Math.max(-0.45, shape.eyeSize ?? 0) // nobody sleeps
  shape.mouthWidth = Math.max(-0.7, shape.mouthWidth ?? 0)
  shape.chinCleft = Math.max(0, (shape.chinCleft ?? 0) - 0.7)
  return shape
}

function complexion(sketch: Sketch, random: Random): Complexion {
  const age = clamp((sketch.ageYears - 25) / 50, 0, 1)
  return {
    melanin: sketch.melanin,
    redness: clamp(0.75 - 0.5 * sketch.melanin + 0.25 * random.normal(), 0.15, 1.3),
    freckles: sketch.freckles ?? 0,
    spots: clamp(0.25 + 0.35 * age + 0.2 * random.normal(), 0, 1),
    shine: clamp(0.5 + 0.25 * random.normal(), 0.1, 1),
    stubble:
      sketch.sex === 'male'
        ? clamp(0.5 + 0.3 * random.normal() - 0.3 * sketch.grey, 0.1, 1) * (sketch.hairColour === 'black' ? 1 : 0.7)
        : 0,
    lipColour: sketch.lipColour ?? (sketch.sex === 'male' ? -0.12 : 0.05) + 0.12 * random.next(),
    texture: clamp(0.5 + 0.7 * age + 0.2 * random.normal(), 0.2, 1.5),
    seed: Math.floor(random.between(0, 900)),
  }
}

function hair(sketch: Sketch, random: Random): HairStyle {
  const tint = scale(HAIR_COLOURS[sketch.hairColour], random.between(0.85, 1.15))
  const { recede = 0, bald = 0, grey } = sketch
  return { ...HAIRCUTS[sketch.haircut], colour: tint, grey, recede, bald, seed: Math.floor(random.between(0, 900)) }
}

function body(male: boolean, random: Random): Body {
  const neckWidth = (male ? 1.12 : 0.9) + 0.06 * random.normal()
  return { neckWidth, shoulderWidth: (male ? 1.05 : 0.88) + 0.05 * random.normal(), collar: collar(random) }
}

const collar = (random: Random): Collar => random.pick(['crew', 'crew', 'vee', 'shirt', 'turtleneck'])

/** A garment by lot; people change clothes between pictures. */
export function cloth(random: Random): Cloth {
  return {
    colour: random.pick(CLOTH_COLOURS),
    second: random.pick(CLOTH_COLOURS),
    pattern: random.pick(['plain', 'plain', 'plain', 'knit', 'stripes', 'check'] as const),
  }
}

function glasses(random: Random): Glasses {
  return {
    lensWidthCm: random.between(4.7, 5.3),
    lensHeightCm: random.between(3.3, 4.4),
    squareness: random.between(2.2, 4),
    rimCm: random.between(0.07, 0.13),
    colour: random.pick([
      [0.012, 0.012, 0.013],
      [0.05, 0.025, 0.012],
      [0.07, 0.066, 0.06],
    ] as const),
  }
}
