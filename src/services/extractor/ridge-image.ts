/** A picture of ridges: `pixels` holds heightPx rows of widthPx bytes from the top, 0 black. */
export interface RidgeImage {
  readonly widthPx: number
  readonly heightPx: number
  readonly pixels: Uint8Array
}

export interface RidgeOptions {
  readonly sidePx: number
  readonly seed: number
}

/** Distance of ridges at 500 dpi; 8 to 10 px in adults (Maltoni et al., Handbook of Fingerprint Recognition, ch. 3). */
const RIDGE_PERIOD_PX = 9
/** Minutiae per pixel: the density of a real print (FINGERPRINT.md §2). */
const MINUTIAE_PER_PX2 = 4.5e-4
/** Of the side: the finger's outline, white beyond. */
const OUTLINE_RADIUS = 0.46

/**
 * A finger that nobody has, 500 dpi: arched ridges whose phase winds once around each minutia, the model of
 * Larkin and Fletcher ("A coherent framework for fingerprint analysis", Optics Express 2007). The same seed gives the same picture.
 */
export function ridgeImage({ sidePx, seed }: RidgeOptions): RidgeImage {
  const minutiae = placeMinutiae(sidePx, seed)
  const pixels = new Uint8Array(sidePx * sidePx).fill(255)
  const centre = sidePx / 2
  for (let y = 0; y < sidePx; y++)
    for (let x = 0; x < sidePx; x++) {
      const [dx, dy] = [x - centre, y - centre]
      if (dx * dx + dy * dy > (OUTLINE_RADIUS * sidePx) ** 2) continue
      // Circles around a point far below the finger: gently arched ridges.
      let phase = (2 * Math.PI * Math.hypot(dx, y - 2 * sidePx)) / RIDGE_PERIOD_PX
      for (const minutia of minutiae) phase += minutia.turn * Math.atan2(y - minutia.y, x - minutia.x)
      pixels[y * sidePx + x] = Math.round(127.5 - 100 * Math.cos(phase))
    }
  return { widthPx: sidePx, heightPx: sidePx, pixels }
}

interface Dislocation {
  readonly x: number
  readonly y: number
  /** Which way the phase winds. */
  readonly turn: 1 | -1
}

/** Half of them wind each way, so that the ridges stay parallel far from them. */
function placeMinutiae(sidePx: number, seed: number): readonly Dislocation[] {
  const random = mulberry32(seed)
  const radius = 0.8 * OUTLINE_RADIUS * sidePx
  const count = Math.round(Math.PI * radius * radius * MINUTIAE_PER_PX2)
  return Array.from({ length: count }, (_, n) => {
    const [distance, angle] = [radius * Math.sqrt(random()), 2 * Math.PI * random()]
    const [x, y] = [sidePx / 2 + distance * Math.cos(angle), sidePx / 2 + distance * Math.sin(angle)]
    return { x, y, turn: n % 2 === 0 ? 1 : -1 }
  })
}

/** Tommy Ettinger's generator (public domain): 32 bits of state are enough for a picture. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
