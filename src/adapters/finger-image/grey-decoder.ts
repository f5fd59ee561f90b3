import sharp from 'sharp'
import { DomainError } from '../../domain/errors.js'
import { GREY_LIMITS, type DecodedGrey, type GreyDecoder } from '../../domain/grey-image.js'

type Format = 'png' | 'tiff'

const SIGNATURES: Readonly<Record<Format, readonly (readonly number[])[]>> = {
  png: [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  tiff: [
    [0x49, 0x49, 0x2a, 0x00],
    [0x4d, 0x4d, 0x00, 0x2a],
  ],
}
/** A hostile file may decode for ever; honest ones within the limit take a second or two. */
const DECODE_SECONDS_MAX = 10

/**
 * Decodes PNG or TIFF (first page) with libvips to upright 8-bit grey; colour by its luminance, transparent parts white
 * as paper, 16 bits by the upper eight. The resolution is what the file says, if it does.
 */
export function greyDecoder(format: Format): GreyDecoder {
  return async (bytes) => {
    checkBytes(bytes, format)
    const resolutionDpi = await readHeader(bytes, format)
    return { ...(await readPixels(bytes, format)), resolutionDpi }
  }
}

function checkBytes(bytes: Uint8Array, format: Format): void {
  if (bytes.length > GREY_LIMITS.bytesMax)
    throw new DomainError('LIMIT_EXCEEDED', `at most ${GREY_LIMITS.bytesMax} bytes`, `${bytes.length} bytes`)
  // Nothing but the format that was announced ever reaches libvips.
  if (!SIGNATURES[format].some((signature) => signature.every((byte, i) => bytes[i] === byte)))
    throw new DomainError('PARSE_ERROR', `a ${format} image`, 'bytes that begin otherwise')
}

/** @returns dots per inch, or null */
async function readHeader(bytes: Uint8Array, format: Format): Promise<number | null> {
  const { width, height, density } = await attempt(format, () => sharp(bytes, { limitInputPixels: false }).metadata())
  if (width * height > GREY_LIMITS.pixelsMax)
    throw new DomainError('LIMIT_EXCEEDED', `at most ${GREY_LIMITS.pixelsMax} pixels`, `${width} × ${height}`)
  return density ?? null
}

async function readPixels(bytes: Uint8Array, format: Format): Promise<Omit<DecodedGrey, 'resolutionDpi'>> {
  const { data, info } = await attempt(format, () =>
    sharp(bytes, { limitInputPixels: GREY_LIMITS.pixelsMax, failOn: 'error', sequentialRead: true })
      .autoOrient()
      .flatten({ background: '#ffffff' })
      .toColourspace('b-w')
      .timeout({ seconds: DECODE_SECONDS_MAX })
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true }),
  )
  if (info.channels !== 1) throw new Error(`the decoder gave ${info.channels} channels`)
  return { widthPx: info.width, heightPx: info.height, pixels: Uint8Array.from(data) }
}

/** libvips' own messages may quote file content: they go into the cause, not into the error's text. */
async function attempt<T>(format: Format, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw new DomainError('PARSE_ERROR', `a complete ${format} image`, 'a damaged or truncated one', { cause })
  }
}
