import { DomainError } from '../../domain/errors.js'
import type { FingerImageFormat } from '../../domain/extractor.js'

/** First bytes of the formats that say what they are. WSQ: the markers SOI and, next, any other (FBI, WSQ 3.1). */
const SIGNATURES: readonly (readonly [FingerImageFormat, readonly number[]])[] = [
  ['png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['tiff', [0x49, 0x49, 0x2a, 0x00]],
  ['tiff', [0x4d, 0x4d, 0x00, 0x2a]],
  ['wsq', [0xff, 0xa0, 0xff]],
  ['bmp', [0x42, 0x4d]],
]

/** @throws DomainError FORMAT_UNSUPPORTED on `field` */
export function tellImageFormat(field: string, bytes: Uint8Array): FingerImageFormat {
  const found = SIGNATURES.find(([, signature]) => signature.every((byte, i) => bytes[i] === byte))
  if (found === undefined)
    throw new DomainError('FORMAT_UNSUPPORTED', 'PNG, TIFF, BMP or WSQ, or gray8 named so', 'other bytes', { field })
  return found[0]
}
