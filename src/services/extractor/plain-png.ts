import type { RidgeImage } from './ridge-image.js'

// PNG without compression (ISO/IEC 15948), because services have no packages and a test picture needs none.

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** The longest stored block of deflate (RFC 1951, 3.2.4). */
const BLOCK_BYTES_MAX = 65_535
const METRES_PER_INCH = 0.0254

/**
 * An 8-bit grey PNG that states its resolution.
 * @param claimed a size for the header, when it shall not be the picture's own
 */
export function plainPng(
  image: RidgeImage,
  resolutionDpi: number,
  claimed: Pick<RidgeImage, 'widthPx' | 'heightPx'> = image,
): Uint8Array {
  const perMetre = Math.round(resolutionDpi / METRES_PER_INCH)
  return concat([
    Uint8Array.from(SIGNATURE),
    // 8 bits, grey, deflate, the one filter method, not interlaced
    chunk('IHDR', concat([u32(claimed.widthPx), u32(claimed.heightPx), Uint8Array.of(8, 0, 0, 0, 0)])),
    chunk('pHYs', concat([u32(perMetre), u32(perMetre), Uint8Array.of(1)])),
    chunk('IDAT', zlibStored(rowsOf(image))),
    chunk('IEND', new Uint8Array(0)),
  ])
}

/** Each row after a byte 0: no filter. */
function rowsOf({ widthPx, heightPx, pixels }: RidgeImage): Uint8Array {
  const rows = new Uint8Array((widthPx + 1) * heightPx)
  for (let y = 0; y < heightPx; y++) rows.set(pixels.subarray(y * widthPx, (y + 1) * widthPx), y * (widthPx + 1) + 1)
  return rows
}

/** RFC 1950 around stored blocks. */
function zlibStored(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x78, 0x01)]
  for (let from = 0; from < bytes.length; from += BLOCK_BYTES_MAX) {
    const block = bytes.subarray(from, from + BLOCK_BYTES_MAX)
    const isLast = from + BLOCK_BYTES_MAX >= bytes.length ? 1 : 0
    const { length } = block
    parts.push(Uint8Array.of(isLast, length & 255, length >> 8, ~length & 255, (~length >> 8) & 255), block)
  }
  return concat([...parts, u32(adler32(bytes))])
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = concat([Uint8Array.from(type, (letter) => letter.charCodeAt(0)), data])
  return concat([u32(data.length), body, u32(crc32(body))])
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}

function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0]
  for (const byte of bytes) {
    a = (a + byte) % 65_521
    b = (b + a) % 65_521
  }
  return ((b << 16) | a) >>> 0
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255)
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}
