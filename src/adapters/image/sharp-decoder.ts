import sharp from 'sharp'
import { DomainError } from '../../domain/errors.js'
import type { ImageFormat, ImageInfo } from '../../domain/image.js'
import { LIMITS } from '../../domain/limits.js'
import type { ImageDecoder } from '../../domain/ports.js'
import { sniffFormat } from './sniff.js'

/** Longer side of the image that the pipeline works on: a 4,096 px frame of 4:3 is 38 MB of RGB. */
const WORKING_SIDE_PX_MAX = 4096
/** A hostile file may decode for ever; the slowest honest one of 50 megapixels takes about 2 s. */
const DECODE_SECONDS_MAX = 15

// One image at a time in each worker: libvips' own threads and caches would only compete with the other workers.
sharp.concurrency(1)
sharp.cache(false)

/**
 * Decodes JPEG, PNG, WebP and TIFF (first page) with libvips to upright 8-bit sRGB. Greyscale, CMYK, 16-bit and alpha
 * images are converted; transparent parts become mid-grey. The header's size is checked before a pixel is decoded.
 */
export class SharpDecoder implements ImageDecoder {
  async decode(bytes: Uint8Array) {
    const format = checkBytes(bytes)
    const info = await readHeader(bytes, format)
    return { info, image: await readPixels(bytes, info) }
  }
}

function checkBytes(bytes: Uint8Array): ImageFormat {
  if (bytes.length === 0) throw new DomainError('FORMAT_UNSUPPORTED', 'an encoded image', 'no bytes')
  if (bytes.length > LIMITS.imageBytesMax)
    throw new DomainError('LIMIT_EXCEEDED', `at most ${LIMITS.imageBytesMax} bytes`, `${bytes.length} bytes`)
  const format = sniffFormat(bytes)
  if (format === null) throw new DomainError('FORMAT_UNSUPPORTED', 'JPEG, PNG, WebP or TIFF', 'another format')
  return format
}

async function readHeader(bytes: Uint8Array, format: ImageFormat): Promise<ImageInfo> {
  // limitInputPixels off: this reads the header alone, and the limit below gives the clearer error.
  const header = await attempt(format, () => sharp(bytes, { limitInputPixels: false }).metadata())
  const { width, height } = header.autoOrient
  if (width * height > LIMITS.imagePixelsMax)
    throw new DomainError('LIMIT_EXCEEDED', `at most ${LIMITS.imagePixelsMax} pixels`, `${width} × ${height}`)
  if (Math.min(width, height) < LIMITS.imageSidePxMin)
    throw new DomainError('LIMIT_EXCEEDED', `sides of at least ${LIMITS.imageSidePxMin} px`, `${width} × ${height}`)
  return { format, widthPx: width, heightPx: height }
}

async function readPixels(bytes: Uint8Array, { format }: ImageInfo) {
  const { data, info } = await attempt(format, () =>
    sharp(bytes, { limitInputPixels: LIMITS.imagePixelsMax, failOn: 'error', sequentialRead: true })
      .autoOrient()
      .resize({ width: WORKING_SIDE_PX_MAX, height: WORKING_SIDE_PX_MAX, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#808080' })
      .toColourspace('srgb')
      .timeout({ seconds: DECODE_SECONDS_MAX })
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true }),
  )
  if (info.channels !== 3) throw new Error(`the decoder gave ${info.channels} channels`)
  return {
    widthPx: info.width,
    heightPx: info.height,
    pixels: new Uint8Array(data.buffer, data.byteOffset, data.length),
  }
}

/** libvips' own messages may quote file content: they go into the cause, not into the error's text. */
async function attempt<T>(format: ImageFormat, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw new DomainError('PARSE_ERROR', `a complete ${format} image`, 'a damaged or truncated one', { cause })
  }
}
