import { DomainError, invalid, type RefusalCode } from '../../../domain/errors.js'
import type { FingerPosition, FingerView } from '../../../domain/finger.js'
import type { GreyImage } from '../../../domain/grey-image.js'
import { assess } from './assess.js'
import { binarise } from './binarise.js'
import { enhance } from './enhance.js'
import { findMinutiae } from './find-minutiae.js'
import { isoView } from './iso-view.js'
import { trustPlane } from './minutia-quality.js'
import { normalise } from './normalise.js'
import { orientationOf } from './orientation.js'
import { prune } from './prune.js'
import { toWorkingResolution, workingSize } from './resample.js'
import { ridgePeriods } from './ridge-period.js'
import { keepRidged, pixelMask, segment } from './segment.js'
import { Skeleton } from './skeleton.js'
import { thin } from './thin.js'

export const EXTRACTION_LIMITS = {
  /** Width times height at 500 dpi: a slap of four fingers (3.2 × 2.0 inches) has 1.6 megapixels. */
  pixelsMax: 4_000_000,
  /** Pixels at 500 dpi; the standard's coordinates have 14 bits. */
  sidePxMax: 16_383,
  /** 2.4 mm: less than three blocks of a print. */
  sidePxMin: 48,
  /** Below 250 dpi ridges of 0.23 mm have no two pixels; above 1,200 nothing is gained and files are mistaken. */
  resolutionDpiMin: 250,
  resolutionDpiMax: 1_200,
} as const
/** Fewer minutiae say nothing: any four can be laid near four others. A choice; the matcher decides how much is enough. */
const MINUTIAE_MIN = 5

export interface ExtractedPrint {
  readonly view: FingerView
  /** 0 to 100. */
  readonly quality: number
  readonly warnings: readonly string[]
}

export interface PrintRefusal {
  readonly code: Extract<RefusalCode, 'NO_FINGER' | 'QUALITY_TOO_LOW'>
  /** 0 to 100. */
  readonly quality: number
  /** Sentences for the operator, the worst first. */
  readonly reasons: readonly string[]
}

export interface ExtractionOptions {
  readonly position?: FingerPosition
  /** The standard's code of how the finger was captured. */
  readonly impression?: number
  /** Called between two stages; what it throws ends the work. */
  readonly checkpoint?: () => void
}

/**
 * Minutiae of one finger in one image: resample to 500 dpi → normalise → orientation → segment → ridge period → enhance →
 * binarise → thin → prune → minutiae → assess.
 *
 * Deterministic. `node dist/scripts/finger/time-extractor.js` times it: see docs/finger-extractor.md.
 * @throws DomainError INVALID_ARGUMENT (field resolution_dpi), LIMIT_EXCEEDED
 */
export function extractFinger(
  image: GreyImage,
  { position = 'unknown', impression = 0, checkpoint = () => undefined }: ExtractionOptions = {},
): { readonly print: ExtractedPrint } | { readonly refusal: PrintRefusal } {
  checkImage(image)
  const step = <T>(value: T): T => (checkpoint(), value)

  const grey = step(toWorkingResolution(image))
  const normalised = step(normalise(grey))
  const field = step(orientationOf(normalised.image))
  const candidates = step(segment(normalised, field))
  const periods = step(ridgePeriods(normalised.image, field, candidates))
  const blocks = keepRidged(candidates, periods)
  if (!blocks.cells.includes(1)) return refused('NO_FINGER', 0, ['The image shows no ridges of a finger.'])

  const print = pixelMask(blocks, grey.widthPx, grey.heightPx)
  const enhanced = step(enhance(normalised.image, field, periods.periodPx, print))
  const skeleton = new Skeleton(step(thin(binarise(enhanced))))
  prune(skeleton, field)
  const found = step(findMinutiae(skeleton, field, periods.periodPx, print))
  const trust = trustPlane(enhanced, field)
  const { minutiae } = isoView(found, trust, 0, { position, impression })
  const { quality, reasons } = assess(print, trust, minutiae.length)
  if (minutiae.length < MINUTIAE_MIN) return refused('QUALITY_TOO_LOW', quality, reasons)
  return { print: { view: isoView(found, trust, quality, { position, impression }), quality, warnings: reasons } }
}

function refused(code: PrintRefusal['code'], quality: number, reasons: readonly string[]) {
  return { refusal: { code, quality, reasons } }
}

function checkImage(image: GreyImage): void {
  const { widthPx, heightPx, pixels, resolutionDpi } = image
  const { pixelsMax, sidePxMax, sidePxMin, resolutionDpiMin, resolutionDpiMax } = EXTRACTION_LIMITS
  if (!(resolutionDpi >= resolutionDpiMin && resolutionDpi <= resolutionDpiMax))
    throw invalid('resolution_dpi', `${resolutionDpiMin} to ${resolutionDpiMax} dpi`, `${resolutionDpi} dpi`)
  if (!Number.isInteger(widthPx) || !Number.isInteger(heightPx) || pixels.length !== widthPx * heightPx)
    throw invalid('image', 'a byte for each pixel', `${pixels.length} bytes for ${widthPx} × ${heightPx} px`)
  const at500 = workingSize(image)
  const [width, height] = [at500.widthPx, at500.heightPx]
  if (width * height > pixelsMax || Math.max(width, height) > sidePxMax)
    throw new DomainError('LIMIT_EXCEEDED', `at most ${pixelsMax} pixels at 500 dpi`, `${width} × ${height}`)
  if (Math.min(width, height) < sidePxMin)
    throw new DomainError('LIMIT_EXCEEDED', `sides of at least ${sidePxMin} px at 500 dpi`, `${width} × ${height}`)
}
