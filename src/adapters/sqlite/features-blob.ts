import { endianness } from 'node:os'
import { DomainError } from '../../domain/errors.js'

const isLittleEndian = endianness() === 'LE'

/** Features as stored: float32, little endian. */
export function featuresToBlob(features: Float32Array): Buffer {
  const bytes = Buffer.from(features.buffer, features.byteOffset, features.byteLength)
  return isLittleEndian ? bytes : Buffer.from(bytes).swap32()
}

/**
 * The blob's own bytes where they are aligned as Float32Array needs it, else a copy: SQLite's driver gives every blob a buffer of
 * its own, and a copy of each of a million templates makes a start a tenth longer.
 * @throws DomainError UNAVAILABLE when the bytes cannot be features
 */
export function featuresFromBlob(blob: Buffer): Float32Array {
  if (blob.length === 0 || blob.length % 4 !== 0)
    throw new DomainError('UNAVAILABLE', 'an undamaged template', 'one of a wrong length')
  if (!isLittleEndian) return new Float32Array(new Uint8Array(Buffer.from(blob).swap32()).buffer)
  if (blob.byteOffset % 4 === 0) return new Float32Array(blob.buffer, blob.byteOffset, blob.length / 4)
  return new Float32Array(new Uint8Array(blob).buffer)
}
