import { decode } from 'fast-bmp'
import { DomainError } from '../../domain/errors.js'
import { GREY_LIMITS, type DecodedGrey } from '../../domain/grey-image.js'
import { damaged, readBmpHeader, type BmpHeader } from './bmp-header.js'

/** ITU-R BT.601 luma, as libvips weighs colours for the other formats. */
const LUMA = { red: 0.299, green: 0.587, blue: 0.114 } as const

/**
 * Decodes uncompressed BMP of 8 bits (any palette) or 24 bits to grey.
 * The package reads neither palettes nor rows from the top: both are done here.
 */
export async function decodeBmp(bytes: Uint8Array): Promise<DecodedGrey> {
  if (bytes.length > GREY_LIMITS.bytesMax)
    throw new DomainError('LIMIT_EXCEEDED', `at most ${GREY_LIMITS.bytesMax} bytes`, `${bytes.length} bytes`)
  const header = readBmpHeader(bytes)
  const values = decodeValues(bytes, header)
  const { widthPx, heightPx, resolutionDpi } = header
  const pixels = header.bitsPerPixel === 8 ? throughPalette(values, header.palette) : lumaOf(values)
  return { widthPx, heightPx, pixels: header.isTopDown ? upsideDown(pixels, widthPx) : pixels, resolutionDpi }
}

function decodeValues(bytes: Uint8Array, { heightPx }: BmpHeader): Uint8Array {
  const copy = Uint8Array.from(bytes)
  new DataView(copy.buffer).setInt32(22, heightPx, true)
  try {
    const { data } = decode(copy)
    if (!(data instanceof Uint8Array)) throw new TypeError('fast-bmp gave no bytes')
    return data
  } catch (cause) {
    if (cause instanceof TypeError) throw cause
    throw new DomainError('PARSE_ERROR', 'a complete BMP image', 'a damaged one', { cause })
  }
}

function throughPalette(values: Uint8Array, palette: Uint8Array): Uint8Array {
  const grey = Uint8Array.from({ length: 256 }, (_, i) =>
    luma(palette[4 * i + 2]!, palette[4 * i + 1]!, palette[4 * i]!),
  )
  return values.map((value) => grey[value]!)
}

function lumaOf(values: Uint8Array): Uint8Array {
  if (values.length % 3 !== 0) throw damaged('three bytes for each pixel', 'others')
  return Uint8Array.from({ length: values.length / 3 }, (_, i) =>
    luma(values[3 * i]!, values[3 * i + 1]!, values[3 * i + 2]!),
  )
}

function luma(red: number, green: number, blue: number): number {
  return Math.round(LUMA.red * red + LUMA.green * green + LUMA.blue * blue)
}

function upsideDown(pixels: Uint8Array, widthPx: number): Uint8Array {
  const out = new Uint8Array(pixels.length)
  for (let at = 0; at < pixels.length; at += widthPx)
    out.set(pixels.subarray(at, at + widthPx), pixels.length - widthPx - at)
  return out
}
