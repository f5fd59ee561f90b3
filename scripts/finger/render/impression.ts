import type { GreyImage } from '../../../src/domain/grey-image.js'
import type { Random } from '../../samples/random.js'
import type { Relief } from './grow.js'
import { MASTER_SIZE } from './pattern.js'
import { smoothNoise, type Surface } from './smooth-noise.js'

/** The size of FVC2002 DB1, a common optical reader. */
export const IMPRESSION_SIZE = { widthPx: 388, heightPx: 374 } as const

/** How differently one finger is put down: deviations, unless it says range. */
export interface Conditions {
  readonly rotationDeg: number
  readonly shiftPx: number
  /** Skin stretches: deviation of the displacement over 90 px. */
  readonly warpPx: number
  /** Ridges grow thick (wet) or thin (dry): share of a half period. */
  readonly moisture: number
  /** Strength of blotches of a ridge's size that break ridges or fill valleys. */
  readonly blotches: number
  /** Grey levels of the sensor's noise. */
  readonly noiseGrey: number
  /** Half axes of the contact area relative to the usual, range. */
  readonly contact: readonly [min: number, max: number]
  /** White creases and scratches, at most. */
  readonly scratchesMax: number
}

export const CONDITIONS = {
  clean: {
    rotationDeg: 6,
    shiftPx: 12,
    warpPx: 1.5,
    moisture: 0.1,
    blotches: 0.15,
    noiseGrey: 3,
    contact: [0.95, 1.1],
    scratchesMax: 0,
  },
  usual: {
    rotationDeg: 10,
    shiftPx: 22,
    warpPx: 3.5,
    moisture: 0.3,
    blotches: 0.45,
    noiseGrey: 8,
    contact: [0.75, 1.05],
    scratchesMax: 3,
  },
  poor: {
    rotationDeg: 14,
    shiftPx: 32,
    warpPx: 5,
    moisture: 0.5,
    blotches: 0.8,
    noiseGrey: 14,
    contact: [0.6, 0.95],
    scratchesMax: 6,
  },
} as const satisfies Record<string, Conditions>
export type ConditionName = keyof typeof CONDITIONS

/** Half axes of a usual contact area. */
const CONTACT_PX = { x: 150, y: 180 } as const
const [WARP_SCALE_PX, BLOTCH_SCALE_PX, PRESSURE_SCALE_PX] = [90, 6, 70]
const [PAPER_GREY, INK_GREY] = [232, 40]
/** The edge of the contact area fades over this share of its radius. */
const EDGE = 0.06

/** An impression, and where on the master each of its places lies: what nobody knows of a real finger. */
export interface Impression {
  readonly image: GreyImage
  /** From pixels of the image to pixels of the master. */
  readonly placeOf: (x: number, y: number) => readonly [number, number]
  /** 0 where the skin does not touch, to 1. */
  readonly contactAt: Surface
}

/** One impression of a master: put down askew, stretched, with its moisture, contact area, scratches and noise. */
export function takeImpression(relief: Relief, conditions: Conditions, random: Random): Impression {
  const { widthPx, heightPx } = IMPRESSION_SIZE
  const placeOf = drawPlacement(conditions, random)
  const moisture = drawMoisture(conditions, random)
  const contactAt = drawContact(conditions, random)
  const scratchAt = drawScratches(conditions, random)
  const pixels = new Uint8ClampedArray(widthPx * heightPx)
  for (let y = 0, p = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++, p++) {
      const [u, v] = placeOf(x, y)
      const height = sample(relief, u, v) - moisture(x, y)
      const ink = (1 / (1 + Math.exp(4 * height))) * contactAt(x, y) * scratchAt(x, y)
      pixels[p] = PAPER_GREY + (INK_GREY - PAPER_GREY) * ink + conditions.noiseGrey * random.normal()
    }
  const image = { widthPx, heightPx, pixels: new Uint8Array(pixels.buffer), resolutionDpi: 500 }
  return { image, placeOf, contactAt }
}

/** Where on the master a pixel of the impression lies. */
function drawPlacement({ rotationDeg, shiftPx, warpPx }: Conditions, random: Random) {
  const { widthPx, heightPx } = IMPRESSION_SIZE
  const angle = (rotationDeg * random.normal() * Math.PI) / 180
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const [shiftX, shiftY] = [shiftPx * random.normal(), shiftPx * random.normal()]
  const [warpX, warpY] = [1, 2].map(() => smoothNoise(random, widthPx, heightPx, WARP_SCALE_PX)) as [Surface, Surface]
  return (x: number, y: number): readonly [number, number] => {
    const [dx, dy] = [x - widthPx / 2 + 2 * warpPx * warpX(x, y), y - heightPx / 2 + 2 * warpPx * warpY(x, y)]
    return [
      MASTER_SIZE.widthPx / 2 + cos * dx - sin * dy + shiftX,
      MASTER_SIZE.heightPx / 2 + sin * dx + cos * dy + shiftY,
    ]
  }
}

/** Raises the level below which skin touches: in all, by place, and in blotches. */
function drawMoisture({ moisture, blotches }: Conditions, random: Random): Surface {
  const { widthPx, heightPx } = IMPRESSION_SIZE
  const whole = moisture * random.normal()
  const pressure = smoothNoise(random, widthPx, heightPx, PRESSURE_SCALE_PX)
  const blotch = smoothNoise(random, widthPx, heightPx, BLOTCH_SCALE_PX)
  return (x, y) => whole + moisture * pressure(x, y) + 2 * blotches * blotch(x, y)
}

function drawContact({ contact }: Conditions, random: Random): Surface {
  const { widthPx, heightPx } = IMPRESSION_SIZE
  const [rx, ry] = [CONTACT_PX.x * random.between(...contact), CONTACT_PX.y * random.between(...contact)]
  const [cx, cy] = [widthPx / 2 + 10 * random.normal(), heightPx / 2 + 10 * random.normal()]
  const ragged = smoothNoise(random, widthPx, heightPx, 25)
  return (x, y) => {
    const radius = Math.hypot((x - cx) / rx, (y - cy) / ry) + 0.05 * ragged(x, y)
    return Math.max(0, Math.min(1, (1 - radius) / EDGE))
  }
}

function drawScratches({ scratchesMax }: Conditions, random: Random): Surface {
  const { widthPx, heightPx } = IMPRESSION_SIZE
  const scratches = Array.from({ length: Math.floor(random.next() * (scratchesMax + 1)) }, () => {
    const angle = random.between(0, Math.PI)
    const [x, y] = [random.between(0.2, 0.8) * widthPx, random.between(0.2, 0.8) * heightPx]
    const halfLengthPx = random.between(15, 60)
    const halfWidthPx = random.between(0.7, 2)
    return { x, y, cos: Math.cos(angle), sin: Math.sin(angle), halfLengthPx, halfWidthPx }
  })
  return (px, py) => {
    const isWhite = scratches.some(({ x, y, cos, sin, halfLengthPx, halfWidthPx }) => {
      const [along, across] = [(px - x) * cos + (py - y) * sin, (py - y) * cos - (px - x) * sin]
      return Math.abs(along) < halfLengthPx && Math.abs(across) < halfWidthPx
    })
    return isWhite ? 0.1 : 1
  }
}

/** Bilinear; outside the master the skin does not touch. */
function sample(relief: Relief, x: number, y: number): number {
  const { widthPx, heightPx } = MASTER_SIZE
  const [i, k] = [Math.floor(x), Math.floor(y)]
  if (i < 0 || k < 0 || i >= widthPx - 1 || k >= heightPx - 1) return 1
  const [a, b, p] = [x - i, y - k, k * widthPx + i]
  const top = relief[p]! * (1 - a) + relief[p + 1]! * a
  const bottom = relief[p + widthPx]! * (1 - a) + relief[p + widthPx + 1]! * a
  return top * (1 - b) + bottom * b
}
