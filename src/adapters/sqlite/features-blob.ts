import { endianness } from 'node:os'
import { DomainError } from '../../domain/errors.js'

const isLittleEndian = endianness() === 'LE'

/** Features as stored: float32, little endian. */
export function featuresToBlob(features: Float32Array): Buffer {
  const bytes = Buffer.from(features.buffer, features.byteOffset, features.byteLength)
  return isLittleEndian ? bytes : Buffer.from(bytes).swap32()
}

/** A copy, aligned as Float32Array needs it. @throws DomainError UNAVAILABLE when the bytes cannot be features */
export function featuresFromBlob(blob: Buffer): Float32Array {
  if (blob.length === 0 || blob.length % 4 !== 0)
    throw new DomainError('UNAVAILABLE', 'an undamaged template', 'one of a wrong length')
  const bytes = new Uint8Array(blob)
  if (!isLittleEndian) Buffer.from(bytes.buffer).swap32()
  return new Float32Array(bytes.buffer)
}
