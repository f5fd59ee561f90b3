import { DomainError } from '../../domain/errors.js'
import { GREY_LIMITS } from '../../domain/grey-image.js'

/** What is read of a bitmap's headers (BITMAPFILEHEADER of 14 bytes, BITMAPINFOHEADER of 40 or a longer one). */
export interface BmpHeader {
  readonly widthPx: number
  readonly heightPx: number
  /** Rows from the top instead of the bottom: the header's height is negative. */
  readonly isTopDown: boolean
  readonly bitsPerPixel: 8 | 24
  /** Grey or colour of each value of 8 bits: blue, green, red, 0. */
  readonly palette: Uint8Array
  readonly resolutionDpi: number | null
}

const [FILE_HEADER_BYTES, INFO_HEADER_BYTES] = [14, 40]
const INCHES_PER_METRE = 39.37007874
/** Uncompressed (BI_RGB), what fingerprint readers write. */
const UNCOMPRESSED = 0

/** @throws DomainError PARSE_ERROR, FORMAT_UNSUPPORTED, LIMIT_EXCEEDED: before anything is allocated for pixels */
export function readBmpHeader(bytes: Uint8Array): BmpHeader {
  if (bytes.length < FILE_HEADER_BYTES + INFO_HEADER_BYTES || bytes[0] !== 0x42 || bytes[1] !== 0x4d)
    throw damaged('a BMP image', 'bytes that begin otherwise, or end')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [widthPx, signedHeight] = [view.getInt32(18, true), view.getInt32(22, true)]
  const heightPx = Math.abs(signedHeight)
  if (widthPx <= 0 || heightPx === 0) throw damaged('a BMP image with pixels', 'none')
  if (widthPx * heightPx > GREY_LIMITS.pixelsMax)
    throw new DomainError('LIMIT_EXCEEDED', `at most ${GREY_LIMITS.pixelsMax} pixels`, `${widthPx} × ${heightPx}`)
  const bitsPerPixel = readKind(view)
  const pixelsAt = view.getUint32(10, true)
  const rowBytes = Math.ceil((widthPx * bitsPerPixel) / 32) * 4
  if (pixelsAt + rowBytes * heightPx > bytes.length) throw damaged('a complete BMP image', 'a truncated one')
  const perMetre = view.getInt32(38, true)
  return {
    widthPx,
    heightPx,
    isTopDown: signedHeight < 0,
    bitsPerPixel,
    palette: bitsPerPixel === 8 ? readPalette(bytes, view) : new Uint8Array(),
    resolutionDpi: perMetre > 0 ? perMetre / INCHES_PER_METRE : null,
  }
}

function readKind(view: DataView): 8 | 24 {
  const [bits, compression] = [view.getUint16(28, true), view.getUint32(30, true)]
  if (compression !== UNCOMPRESSED || (bits !== 8 && bits !== 24))
    throw new DomainError(
      'FORMAT_UNSUPPORTED',
      'an uncompressed BMP image of 8 or 24 bits',
      `${bits} bits, compression ${compression}`,
    )
  return bits
}

/** Of values beyond the palette's end the colour is black, as every viewer shows them. */
function readPalette(bytes: Uint8Array, view: DataView): Uint8Array {
  const at = FILE_HEADER_BYTES + view.getUint32(14, true)
  const count = Math.min(256, view.getUint32(46, true) || 256)
  const palette = new Uint8Array(256 * 4)
  palette.set(bytes.subarray(at, Math.min(bytes.length, at + count * 4)))
  return palette
}

export function damaged(expected: string, got: string): DomainError {
  return new DomainError('PARSE_ERROR', expected, got)
}
