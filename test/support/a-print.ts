import type { FingerImage } from '../../src/domain/extractor.js'
import type { FingerFormat } from '../../src/domain/finger.js'
import { writeFingerRecord } from '../../src/engines/finger/formats/write.js'

/** A record of one view with one minutia, in any format that has a header. */
export function aTemplate(format: FingerFormat = 'iso-19794-2-2005'): Uint8Array {
  const minutia = { type: 'ending', xPx: 10, yPx: 20, angleRad: 0, quality: 50 } as const
  const size = { widthPx: 100, heightPx: 100, resolutionXPpcm: 197, resolutionYPpcm: 197 }
  const view = { position: 'unknown', viewNumber: 0, impression: 0, quality: 50, ...size, minutiae: [minutia] } as const
  return writeFingerRecord({ views: [view] }, format)
}

/** A raw image of 1 × n pixels; extractors of the tests take its bytes for a command. */
export function commandImage(command: string): FingerImage {
  const bytes = new TextEncoder().encode(command)
  const size = { widthPx: bytes.length, heightPx: 1, resolutionDpi: 500 }
  return { format: 'gray8', bytes, ...size, position: 'unknown', impression: 0 }
}
