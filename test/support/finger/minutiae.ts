import type { NormalisedMinutiae } from '../../../src/domain/finger.js'
import { randomFrom } from '../../../scripts/samples/random.js'

/** x, y (px at 500 dpi, y up), direction in degrees; type 1 and quality 50 where not said. */
export type PlainMinutia = readonly [x: number, y: number, degrees: number, type?: number, quality?: number]

export function minutiaeOf(...minutiae: readonly PlainMinutia[]): NormalisedMinutiae {
  const turn = (degrees: number) => (((degrees % 360) + 360) % 360) * (Math.PI / 180)
  return {
    x: Float32Array.from(minutiae, ([x]) => x),
    y: Float32Array.from(minutiae, ([, y]) => y),
    angleRad: Float32Array.from(minutiae, ([, , degrees]) => turn(degrees)),
    type: Uint8Array.from(minutiae, ([, , , type = 1]) => type),
    quality: Uint8Array.from(minutiae, ([, , , , quality = 50]) => quality),
  }
}

/** Minutiae at random in 300 × 300 px: nobody's finger, always the same for a seed. */
export function scattered(seed: string, count: number): NormalisedMinutiae {
  const random = randomFrom(seed)
  return minutiaeOf(
    ...Array.from(
      { length: count },
      () =>
        [
          random.between(0, 300),
          random.between(0, 300),
          random.between(0, 360),
          1 + Math.floor(random.between(0, 2)),
        ] as const,
    ),
  )
}

/** Turned about the origin, then shifted. */
export function moved(
  minutiae: NormalisedMinutiae,
  degrees: number,
  shiftX: number,
  shiftY: number,
): NormalisedMinutiae {
  const turn = (degrees * Math.PI) / 180
  const [c, s] = [Math.cos(turn), Math.sin(turn)]
  const { x, y } = minutiae
  const full = 2 * Math.PI
  return {
    ...minutiae,
    x: x.map((px, i) => c * px - s * y[i]! + shiftX),
    y: x.map((px, i) => s * px + c * y[i]! + shiftY),
    angleRad: minutiae.angleRad.map((angle) => angle + turn - full * Math.floor((angle + turn) / full)),
  }
}
