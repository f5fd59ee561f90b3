import { invalid } from '../../../domain/errors.js'
import type { FingerFrame } from '../../../domain/finger-codec.js'
import { RECORD_LIMITS } from './limits.js'
import type { ImageFrame } from './view-fields.js'

/**
 * The image's size and resolution from the caller, for formats that carry none.
 * @throws DomainError INVALID_ARGUMENT on "frame" and its fields
 */
export function checkFrame(frame: FingerFrame | undefined): ImageFrame {
  if (frame === undefined)
    throw invalid('frame', 'the size and resolution of the image, which this format lacks', 'none')
  const check = (field: string, value: number, min: number) => {
    if (!Number.isInteger(value) || value < min || value > 0xffff)
      throw invalid(`frame.${field}`, `a whole number from ${min} to 65535`, String(value))
    return value
  }
  const resolutionPpcm = check('resolution_ppcm', frame.resolutionPpcm, RECORD_LIMITS.resolutionPpcmMin)
  return {
    widthPx: check('width_px', frame.widthPx, 1),
    heightPx: check('height_px', frame.heightPx, 1),
    resolutionXPpcm: resolutionPpcm,
    resolutionYPpcm: resolutionPpcm,
  }
}

/** What formats without a header do not say. */
export const UNSAID = { position: 'unknown', viewNumber: 0, impression: 0, quality: null } as const
