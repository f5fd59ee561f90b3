import { deflateSync } from 'node:zlib'
import { mulberry32 } from '../random-vectors.js'

// Images that no camera makes.

/** A complete PNG file, black and of one bit a pixel, whose header says how large it is: all of it, or a lie. */
export function aPng(widthPx: number, heightPx: number, rows: Uint8Array = new Uint8Array(64)): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(widthPx, 0)
  header.writeUInt32BE(heightPx, 4)
  header.writeUInt8(1, 8) // bits a pixel; colour type, compression, filter and interlace are 0
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND')])
}

/** The smallest GIF there is: one pixel. */
export function aGif(): Buffer {
  return Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
}

/** The first bytes of the formats that are read, and none. */
export const SIGNATURES: Readonly<Record<string, readonly number[]>> = {
  none: [],
  jpeg: [0xff, 0xd8, 0xff],
  png: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  webp: [...Buffer.from('RIFF\0\0\0\0WEBP')],
  tiff: [0x49, 0x49, 0x2a, 0x00],
}

/** `length` bytes after a signature; the same seed gives the same ones. */
export function noise(signature: readonly number[], length: number, seed: number): Buffer {
  const random = mulberry32(seed)
  return Buffer.from([...signature, ...Array.from({ length }, () => Math.floor(random() * 256))])
}

/** A copy with `count` bytes replaced at random places. */
export function damaged(image: Buffer, count: number, seed: number): Buffer {
  const random = mulberry32(seed)
  const copy = Buffer.from(image)
  for (let i = 0; i < count; i++) copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256)
  return copy
}

/** The image cut off at `count` places, evenly spread; of 50 the first leaves one hundredth, the last lacks as much. */
export function truncations(image: Buffer, count: number): readonly Buffer[] {
  return Array.from({ length: count }, (_, i) => image.subarray(0, Math.floor((image.length * (i + 0.5)) / count)))
}

/** Length, type, data and CRC-32 of type and data (PNG specification, section 5.3). */
function chunk(type: string, data: Uint8Array = new Uint8Array()): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}

/** Bit by bit; the polynomial is that of ISO 3309, reversed (PNG specification, annex D). */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return (crc ^ 0xffffffff) >>> 0
}
