import type { FingerImageFormat } from '../../domain/extractor.js'

/** How files begin. Sources: PNG ISO/IEC 15948; TIFF 6.0; BMP "BM"; WSQ's start-of-image marker (IAFIS-IC-0110). */
const BEGINNINGS: readonly (readonly [FingerImageFormat, readonly number[]])[] = [
  ['png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['tiff', [0x49, 0x49, 0x2a, 0x00]],
  ['tiff', [0x4d, 0x4d, 0x00, 0x2a]],
  ['bmp', [0x42, 0x4d]],
  ['wsq', [0xff, 0xa0]],
]

/** The format that a file's first bytes tell; null for anything else. Raw images have no beginning to tell them by. */
export function sniffFingerImage(bytes: Uint8Array): FingerImageFormat | null {
  const found = BEGINNINGS.find(([, beginning]) => beginning.every((byte, n) => bytes[n] === byte))
  return found?.[0] ?? null
}
