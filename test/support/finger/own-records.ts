import type { FingerFrame } from '../../../src/domain/finger-codec.js'
import type { FingerFormat, FingerView, RecordMinutia } from '../../../src/domain/finger.js'

// Records written by hand, one in each format, that all hold the same two minutiae of the same finger.

const RIGHT_ANGLE_RAD = Math.PI / 2

export const MINUTIAE: readonly [RecordMinutia, RecordMinutia] = [
  { type: 'ending', xPx: 100, yPx: 50, angleRad: RIGHT_ANGLE_RAD, quality: 90 },
  { type: 'bifurcation', xPx: 101, yPx: 51, angleRad: 3 * RIGHT_ANGLE_RAD, quality: null },
]

/** What the formats with a header say. */
export const VIEW: FingerView = {
  position: 'right-index',
  viewNumber: 1,
  impression: 0,
  quality: 80,
  widthPx: 400,
  heightPx: 500,
  resolutionXPpcm: 197,
  resolutionYPpcm: 197,
  minutiae: MINUTIAE,
}

/** Of the formats without: 100 pixels per cm, so that a unit of the compact card format is one pixel. */
export const FRAME: FingerFrame = { widthPx: 400, heightPx: 500, resolutionPpcm: 100 }

/** "46 4d | 52 00" → bytes; bars stand between fields for the reader. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replace(/[^0-9a-f]/g, ''), 'hex'))
}

const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'))

/** 100 = 0x64, 50 = 0x32, 101 = 0x65, 51 = 0x33; 400 = 0x190, 500 = 0x1f4, 197 = 0xc5; types in the two highest bits. */
export const OWN_RECORDS: Readonly<Record<FingerFormat, Uint8Array>> = {
  // 90° is 0x40 of 256 and 270° 0xc0; length 24 + 4 + 12 + 2 = 42 = 0x2a
  'iso-19794-2-2005': hex(
    '464d5200 20323000 0000002a | 0000 | 0190 01f4 00c5 00c5 | 01 00 | 02 10 50 02 | 4064 0032 40 5a | 8065 0033 c0 00 | 0000',
  ),
  // header 15, view 4 + 9 + 1 + 2 + 2 + 1 + 5 + 13 + 12 + 2 = 51 = 0x33, together 66 = 0x42
  'iso-19794-2-2011': hex(
    '464d5200 30333000 00000042 0001 00 | 00000033 | ffffffffffffffffff 00 0000 0000 | 01 50 0000 0000 | 02 01 00c5 00c5 00 ' +
      '0190 01f4 60 02 | 4064 0032 40 5a | 8065 0033 c0 fe | 0000',
  ),
  // 90° is 45 = 0x2d of 2° and 270° 135 = 0x87; length 26 + 18 = 44 = 0x2c
  'ansi-378-2004': hex(
    '464d5200 20323000 002c | 0103 0000 0000 | 0190 01f4 00c5 00c5 | 01 00 | 02 10 50 02 | 4064 0032 2d 5a | 8065 0033 87 00 | 0000',
  ),
  // length 21 + 17 + 12 + 2 = 52 = 0x34
  'ansi-378-2009': hex(
    '464d5200 30333000 00000034 | 0103 0000 00 0000 | 01 00 | 02 01 00 50 0000 0000 | 0190 01f4 00c5 00c5 | 02 ' +
      '| 4064 0032 2d 5a | 8065 0033 87 fe | 0000',
  ),
  'ansi-378-2009-am1': hex(
    '464d5200 30333500 00000034 | 0103 0000 00 0000 | 01 00 | 02 01 00 50 0000 0000 | 0190 01f4 00c5 00c5 | 02 ' +
      '| 4064 0032 2d 5a | 8065 0033 87 fe | 0000',
  ),
  // 10.00 mm = 1000 = 0x3e8, 5.00 mm = 0x1f4; 10.10 mm = 0x3f2, 5.10 mm = 0x1fe
  'iso-card-normal': hex('43e8 01f4 40 | 83f2 01fe c0'),
  // 10.0 mm = 100 = 0x64, 5.0 mm = 0x32; 90° is 16 of 64, under type 1: 0x50; 270° is 48, under type 2: 0xb0
  'iso-card-compact': hex('64 32 50 | 65 33 b0'),
  // from the bottom: 500 − 50 = 450; opposite: 90° + 180° = 270°
  xyt: ascii('100 450 270 90\n101 449 90 0\n'),
}

/** What each of them is read as. */
export function expectedView(format: FingerFormat): FingerView {
  const { widthPx, heightPx, resolutionPpcm } = FRAME
  const headless = {
    position: 'unknown',
    viewNumber: 0,
    impression: 0,
    quality: null,
    widthPx,
    heightPx,
    resolutionXPpcm: resolutionPpcm,
    resolutionYPpcm: resolutionPpcm,
  } as const
  switch (format) {
    case 'iso-card-normal':
    case 'iso-card-compact':
      return { ...headless, minutiae: MINUTIAE.map((minutia) => ({ ...minutia, quality: null })) }
    case 'xyt':
      return { ...headless, minutiae: MINUTIAE.map((minutia) => ({ ...minutia, type: 'other' })) }
    default:
      return VIEW
  }
}

/** A copy with other bytes from `offset` on. */
export function patched(bytes: Uint8Array, offset: number, ...values: readonly number[]): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy.set(values, offset)
  return copy
}
