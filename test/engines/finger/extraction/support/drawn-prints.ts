import type { GreyImage } from '../../../../../src/domain/grey-image.js'

/** A print drawn by formula: parallel ridges with minutiae at known places. Lengths in pixels at 500 dpi. */
export interface DrawnPrint {
  readonly sidePx?: number
  readonly resolutionDpi?: number
  readonly periodPx?: number
  /** Turns the whole picture counter-clockwise about its middle; at 0 the ridges run from left to right. */
  readonly turnDeg?: number
  /** From the middle, before turning: right and up. */
  readonly minutiae?: readonly DrawnMinutia[]
  /** Radius of the disc that holds ridges, relative to half the side; around it is white paper. */
  readonly discShare?: number
  readonly greyOf?: (height: number) => number
}

export interface DrawnMinutia {
  readonly right: number
  readonly up: number
  readonly type: 'ending' | 'bifurcation'
  /** True when it points to the right (before turning). */
  readonly pointsRight: boolean
}

/** Where a drawn minutia lies in the picture at 500 dpi, y down, and its ISO direction in degrees. */
export interface KnownMinutia {
  readonly type: DrawnMinutia['type']
  readonly x: number
  readonly y: number
  readonly directionDeg: number
}

/**
 * Ridges are a wave across; a minutia is a place around which the wave's phase grows by one turn (Larkin and Fletcher,
 * Optics Express 2007): on the side to which it points there is one ridge more. Several of them only add up. Whether a
 * place is an ending or a bifurcation is set by the phase at it, so only the FIRST minutia has the type that it asks for.
 */
export function drawPrint(print: DrawnPrint = {}): GreyImage & { readonly known: readonly KnownMinutia[] } {
  const { sidePx = 320, resolutionDpi = 500, periodPx = 9, turnDeg = 0, minutiae = [], discShare = 0.9 } = print
  const { greyOf = (height: number) => 128 + 90 * height } = print
  const scale = resolutionDpi / 500
  const size = Math.round(sidePx * scale)
  const [cos, sin] = [Math.cos((turnDeg * Math.PI) / 180), Math.sin((turnDeg * Math.PI) / 180)]
  const phaseOf = (right: number, up: number) =>
    minutiae.reduce(
      (sum, m) => sum + (m.pointsRight ? 1 : -1) * Math.atan2(up - m.up, right - m.right),
      (2 * Math.PI * up) / periodPx,
    )
  const offset = firstPhase(minutiae[0], phaseOf)
  const pixels = new Uint8Array(size * size)
  for (let y = 0, p = 0; y < size; y++)
    for (let x = 0; x < size; x++, p++) {
      const [dx, dy] = [(x + 0.5) / scale - sidePx / 2, sidePx / 2 - (y + 0.5) / scale]
      const isPrint = Math.hypot(dx, dy) < (discShare * sidePx) / 2
      pixels[p] = isPrint ? greyOf(Math.cos(phaseOf(dx * cos + dy * sin, dy * cos - dx * sin) - offset)) : 240
    }
  const known = minutiae.map(({ right, up, type, pointsRight }) => ({
    type,
    x: sidePx / 2 + right * cos - up * sin - 0.5,
    y: sidePx / 2 - right * sin - up * cos - 0.5,
    directionDeg: (((turnDeg + (pointsRight ? 0 : 180)) % 360) + 360) % 360,
  }))
  return { widthPx: size, heightPx: size, pixels, resolutionDpi, known }
}

/** What to take off all phases so that a ridge (phase π), or for a bifurcation a valley (0), runs into the minutia. */
function firstPhase(first: DrawnMinutia | undefined, phaseOf: (right: number, up: number) => number): number {
  if (first === undefined) return 0
  const before = phaseOf(first.right + (first.pointsRight ? 1e-6 : -1e-6), first.up)
  return before - (first.type === 'ending' ? Math.PI : 0)
}
