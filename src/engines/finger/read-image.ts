import { DomainError, invalid } from '../../domain/errors.js'
import type { FingerImage, FingerImageFormat } from '../../domain/extractor.js'
import { GREY_LIMITS, type DecodedGrey, type GreyDecoder, type GreyImage } from '../../domain/grey-image.js'
import { EXTRACTION_LIMITS } from './extraction/extract-finger.js'
import { decodeWsq } from './wsq/decode-wsq.js'

/** Decoders of the formats that need a package; WSQ and raw grey are read here. */
export type ImageDecoders = Readonly<Record<Exclude<FingerImageFormat, 'gray8' | 'wsq'>, GreyDecoder>>

/** Scanners keep to 1 %; files round what they say to whole pixels per centimetre or metre. */
const RESOLUTION_TOLERANCE = 0.02

/**
 * Decodes an image and settles its resolution.
 * @throws DomainError INVALID_ARGUMENT where the caller and the file disagree or neither knows; PARSE_ERROR,
 * FORMAT_UNSUPPORTED, LIMIT_EXCEEDED
 */
export async function readFingerImage(image: FingerImage, decoders: ImageDecoders): Promise<GreyImage> {
  const decoded = await decode(image, decoders)
  checkSide('width_px', image.widthPx, decoded.widthPx)
  checkSide('height_px', image.heightPx, decoded.heightPx)
  return { ...decoded, resolutionDpi: settleResolution(image.resolutionDpi, decoded.resolutionDpi) }
}

async function decode(image: FingerImage, decoders: ImageDecoders): Promise<DecodedGrey> {
  if (image.bytes.length > GREY_LIMITS.bytesMax)
    throw new DomainError('LIMIT_EXCEEDED', `at most ${GREY_LIMITS.bytesMax} bytes`, `${image.bytes.length} bytes`)
  switch (image.format) {
    case 'gray8':
      return readRawGrey(image)
    case 'wsq':
      return decodeWsq(image.bytes)
    default: {
      const decoder = (decoders as Partial<ImageDecoders>)[image.format]
      if (!decoder) throw new DomainError('FORMAT_UNSUPPORTED', 'gray8, png, tiff, bmp or wsq', 'another format')
      return decoder(image.bytes)
    }
  }
}

function readRawGrey({ bytes, widthPx, heightPx }: FingerImage): DecodedGrey {
  if (widthPx === null) throw invalid('width_px', 'the width of a raw image', 'none')
  if (heightPx === null) throw invalid('height_px', 'the height of a raw image', 'none')
  if (!Number.isInteger(widthPx) || widthPx <= 0) throw invalid('width_px', 'a whole number from 1', String(widthPx))
  if (bytes.length !== widthPx * heightPx)
    throw new DomainError('PARSE_ERROR', `${widthPx} × ${heightPx} bytes`, `${bytes.length} bytes`)
  return { widthPx, heightPx, pixels: bytes, resolutionDpi: null }
}

function checkSide(field: string, believed: number | null, found: number): void {
  if (believed !== null && believed !== found) throw invalid(field, `${found}, as the image says`, String(believed))
}

/** The caller's word counts where the file's cannot be meant: image programs write 72 or 96 dpi into anything. */
function settleResolution(believedDpi: number | null, fileDpi: number | null): number {
  if (believedDpi === null) {
    if (fileDpi === null) throw invalid('resolution_dpi', 'a resolution in the request or the file', 'none')
    return fileDpi
  }
  const { resolutionDpiMin, resolutionDpiMax } = EXTRACTION_LIMITS
  const isMeant = fileDpi !== null && fileDpi >= resolutionDpiMin && fileDpi <= resolutionDpiMax
  if (isMeant && Math.abs(fileDpi / believedDpi - 1) > RESOLUTION_TOLERANCE)
    throw invalid('resolution_dpi', `about ${Math.round(fileDpi)} dpi, as the file says`, `${believedDpi} dpi`)
  return believedDpi
}
