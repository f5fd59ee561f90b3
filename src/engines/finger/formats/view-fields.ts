import { FINGER_POSITIONS, type FingerPosition } from '../../../domain/finger.js'
import type { ByteReader } from './byte-reader.js'
import { parseError, type Findings } from './findings.js'
import { RECORD_LIMITS } from './limits.js'
import type { CodedView } from './minutiae.js'

// Fields of views that all formats with a header share, each read and checked.

export type ImageFrame = Pick<CodedView, 'widthPx' | 'heightPx' | 'resolutionXPpcm' | 'resolutionYPpcm'>

/** u8: 0 unknown, 1 to 5 right thumb to little finger, 6 to 10 left. Codes of several fingers name no finger. */
export function readPosition(reader: ByteReader, findings: Findings, name: string): FingerPosition {
  const offset = reader.offset
  const code = reader.u8(`${name} position`)
  const position = FINGER_POSITIONS[code]
  if (position === undefined)
    findings.quirk(`${name} position`, offset, '0 to 10', String(code), 'it is read as unknown')
  return position ?? 'unknown'
}

/** u8 in the formats of 2009 and later. @throws DomainError PARSE_ERROR in both modes */
export function readViewNumber(reader: ByteReader, name: string): number {
  const offset = reader.offset
  const viewNumber = reader.u8(`${name} number`)
  if (viewNumber > RECORD_LIMITS.viewNumberMax)
    throw parseError(`${name} number`, offset, '0 to 15', String(viewNumber))
  return viewNumber
}

/** u8: 0 to 100. `hasSpecials`: 254 is "not reported" and 255 "failed" (formats of 2009 and later). */
export function readViewQuality(
  reader: ByteReader,
  findings: Findings,
  name: string,
  hasSpecials: boolean,
): number | null {
  const offset = reader.offset
  const quality = reader.u8(`${name} quality`)
  if (quality <= 100) return quality
  const expected = hasSpecials ? '0 to 100, 254 or 255' : '0 to 100'
  if (!hasSpecials || quality < 254)
    findings.quirk(`${name} quality`, offset, expected, String(quality), 'it is read as not reported')
  return null
}

/** u16 width, u16 height. @throws DomainError PARSE_ERROR for 0 in both modes: no scale, no comparison */
export function readSize(reader: ByteReader, name: string): Pick<ImageFrame, 'widthPx' | 'heightPx'> {
  return { widthPx: readSide(reader, `${name}image width`), heightPx: readSide(reader, `${name}image height`) }
}

function readSide(reader: ByteReader, field: string): number {
  const offset = reader.offset
  const sidePx = reader.u16(field)
  if (sidePx === 0) throw parseError(field, offset, 'at least 1', '0')
  return sidePx
}

/** u16 x, u16 y, pixels per centimetre. @throws DomainError PARSE_ERROR for 0 in both modes */
export function readResolution(
  reader: ByteReader,
  findings: Findings,
  name: string,
): Pick<ImageFrame, 'resolutionXPpcm' | 'resolutionYPpcm'> {
  const read = (field: string) => {
    const offset = reader.offset
    const ppcm = reader.u16(field)
    if (ppcm === 0) throw parseError(field, offset, `at least ${RECORD_LIMITS.resolutionPpcmMin} pixels per cm`, '0')
    if (ppcm < RECORD_LIMITS.resolutionPpcmMin)
      findings.quirk(
        field,
        offset,
        `at least ${RECORD_LIMITS.resolutionPpcmMin} pixels per cm`,
        `${ppcm}`,
        'it is kept',
      )
    return ppcm
  }
  return {
    resolutionXPpcm: read(`${name}horizontal resolution`),
    resolutionYPpcm: read(`${name}vertical resolution`),
  }
}

/** @throws DomainError PARSE_ERROR in both modes: a record of nothing */
export function checkViewCount(viewCount: number, offset: number): void {
  if (viewCount === 0) throw parseError('number of views', offset, 'at least 1', '0')
}

/** A view is named by its finger and its number; two of one name cannot be told apart. */
export function checkDistinct(views: readonly CodedView[], findings: Findings, endOffset: number): void {
  const names = new Set(views.map(({ position, viewNumber }) => `${position} ${viewNumber}`))
  if (names.size < views.length)
    findings.quirk('views before', endOffset, 'of distinct positions and numbers', 'two alike', 'all are kept')
}
