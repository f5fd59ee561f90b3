import type { ExtractorDescription, FingerImage, FingerImageFormat } from '../../domain/extractor.js'
import { plainPng } from './plain-png.js'
import { ridgeImage, type RidgeImage } from './ridge-image.js'

// The pictures of the conformance test, as requests. They suit extractors that read gray8 or PNG.

export const TEST_DPI = 500
/** The seed of the rendered finger; any would do. */
const SEED = 1
const SIDE_PX = 320
/** So many fingers in a row and in a column: too much for most extractors in the 50 ms of the deadline check. */
const LARGE_FACTOR = 3
/** 10 gigapixels: beyond every limit, and 10 GB once decoded. */
const CLAIMED_SIDE_PX = 100_000

export interface TestImages {
  readonly finger: FingerImage
  readonly largeFinger: FingerImage
  /** White all over. */
  readonly blank: FingerImage
  readonly empty: FingerImage
  readonly truncated: FingerImage
  /** States a size of 10 gigapixels. */
  readonly oversized: FingerImage
  /** Does not hold what its format says. */
  readonly nonsense: FingerImage
}

/** @returns null for an extractor that reads neither PNG nor gray8 */
export function testImages({ inputFormats }: ExtractorDescription): TestImages | null {
  const format = (['png', 'gray8'] as const).find((name) => inputFormats.includes(name))
  if (format === undefined) return null
  const finger = ridgeImage({ sidePx: SIDE_PX, seed: SEED })
  const whole = imageOf(format, finger)
  return {
    finger: whole,
    largeFinger: imageOf(format, tiled(finger, LARGE_FACTOR)),
    blank: imageOf(format, { ...finger, pixels: new Uint8Array(finger.pixels.length).fill(255) }),
    empty: { ...whole, bytes: new Uint8Array(0) },
    truncated: { ...whole, bytes: whole.bytes.subarray(0, whole.bytes.length >> 1) },
    oversized: oversized(format, finger),
    nonsense: { ...whole, bytes: Uint8Array.from({ length: 1_000 }, (_, n) => (n * 37) & 255) },
  }
}

/** The same picture in a format that the extractor does not offer; null when it offers all. */
export function inUnofferedFormat(
  image: FingerImage,
  { inputFormats }: ExtractorDescription,
  all: readonly FingerImageFormat[],
): FingerImage | null {
  const format = all.find((name) => !inputFormats.includes(name))
  return format === undefined ? null : { ...image, format }
}

function imageOf(format: 'png' | 'gray8', picture: RidgeImage): FingerImage {
  const common = { format, resolutionDpi: TEST_DPI, position: 'unknown', impression: 0 } as const
  if (format === 'png') return { ...common, bytes: plainPng(picture, TEST_DPI), widthPx: null, heightPx: null }
  return { ...common, bytes: picture.pixels, widthPx: picture.widthPx, heightPx: picture.heightPx }
}

function oversized(format: 'png' | 'gray8', picture: RidgeImage): FingerImage {
  const claimed = { widthPx: CLAIMED_SIDE_PX, heightPx: CLAIMED_SIDE_PX }
  const image = imageOf(format, picture)
  return format === 'png' ? { ...image, bytes: plainPng(picture, TEST_DPI, claimed) } : { ...image, ...claimed }
}

function tiled({ widthPx, heightPx, pixels }: RidgeImage, factor: number): RidgeImage {
  const [width, height] = [widthPx * factor, heightPx * factor]
  const at = (n: number) => (Math.floor(n / width) % heightPx) * widthPx + ((n % width) % widthPx)
  return {
    widthPx: width,
    heightPx: height,
    pixels: Uint8Array.from({ length: width * height }, (_, n) => pixels[at(n)]!),
  }
}
