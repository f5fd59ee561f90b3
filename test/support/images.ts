import type { RgbImage } from '../../src/domain/image.js'
import type { DetectedFace, FaceLandmarks } from '../../src/domain/face.js'

export type Rgb = readonly [red: number, green: number, blue: number]

/** An image whose pixel at (x, y) is `colour(x, y)`. */
export function anImage(widthPx: number, heightPx: number, colour: (x: number, y: number) => Rgb): RgbImage {
  const pixels = new Uint8Array(widthPx * heightPx * 3)
  for (let y = 0; y < heightPx; y++) for (let x = 0; x < widthPx; x++) pixels.set(colour(x, y), (y * widthPx + x) * 3)
  return { widthPx, heightPx, pixels }
}

/** An image in one tone. */
export function flat(widthPx: number, heightPx: number, grey: number): RgbImage {
  return anImage(widthPx, heightPx, () => [grey, grey, grey])
}

/** Squares of `cellPx` pixels, black and white (or the tones given) in turn. */
export function checkerboard(sidePx: number, cellPx: number, dark = 0, light = 255): RgbImage {
  return anImage(sidePx, sidePx, (x, y) => {
    const tone = (Math.floor(x / cellPx) + Math.floor(y / cellPx)) % 2 === 0 ? dark : light
    return [tone, tone, tone]
  })
}

export function pixelAt({ pixels, widthPx }: RgbImage, x: number, y: number): Rgb {
  const p = (y * widthPx + x) * 3
  return [pixels[p] ?? NaN, pixels[p + 1] ?? NaN, pixels[p + 2] ?? NaN]
}

/** Mean over all bytes. */
export function meanTone({ pixels }: RgbImage): number {
  return pixels.reduce((sum, byte) => sum + byte, 0) / pixels.length
}

/**
 * An upright frontal face whose box begins at (x, y): eyes at 30 % and 70 % of the width, 40 % of the height.
 */
export function aFace(x: number, y: number, width: number, height = width, score = 0.9): DetectedFace {
  const at = (u: number, v: number) => ({ x: x + u * width, y: y + v * height })
  const landmarks: FaceLandmarks = [at(0.3, 0.4), at(0.7, 0.4), at(0.5, 0.6), at(0.35, 0.8), at(0.65, 0.8)]
  return { box: { x, y, width, height }, landmarks, score }
}

/** `background` with images laid upon it, each with its top left corner at (x, y). */
export function pasted(background: RgbImage, pieces: readonly (readonly [RgbImage, x: number, y: number])[]): RgbImage {
  const pixels = background.pixels.slice()
  for (const [piece, left, top] of pieces)
    for (let y = 0; y < piece.heightPx; y++) {
      const row = piece.pixels.subarray(y * piece.widthPx * 3, (y + 1) * piece.widthPx * 3)
      pixels.set(row, ((top + y) * background.widthPx + left) * 3)
    }
  return { ...background, pixels }
}
