import { MINUTIA_TYPES, type FingerView, type MinutiaType } from '../../../domain/finger.js'
import type { ByteReader } from './byte-reader.js'
import type { Findings } from './findings.js'
import { RECORD_LIMITS } from './limits.js'

/** A minutia as it was read, its direction still in the record's own unit. */
export interface CodedMinutia {
  readonly type: MinutiaType
  readonly xPx: number
  readonly yPx: number
  readonly angleCode: number
  /** Of the angle's byte. */
  readonly angleOffset: number
  readonly quality: number | null
}

export interface CodedView extends Omit<FingerView, 'minutiae'> {
  readonly minutiae: readonly CodedMinutia[]
}

/** Decodes directions, the last step of reading: ANSI records tell their unit only when all are known. */
export function decodeView(view: CodedView, stepRad: number): FingerView {
  const minutiae = view.minutiae.map(({ type, xPx, yPx, angleCode, quality }) => {
    return { type, xPx, yPx, angleRad: angleCode * stepRad, quality }
  })
  return { ...view, minutiae }
}

export interface MinutiaLayout {
  readonly count: number
  /** 6 with a quality at the end, 5 without. */
  readonly sizeBytes: 5 | 6
  readonly widthPx: number
  readonly heightPx: number
}

/**
 * Reads `count` minutiae of u16 (type << 14 | x), u16 (reserved << 14 | y), u8 angle and perhaps u8 quality.
 * @param name "view 1"
 */
export function readMinutiae(
  reader: ByteReader,
  findings: Findings,
  name: string,
  layout: MinutiaLayout,
): readonly CodedMinutia[] {
  reader.expect(layout.count * layout.sizeBytes, `${name} minutiae`)
  const minutiae: CodedMinutia[] = []
  for (let i = 0; i < layout.count; i++)
    minutiae.push(readMinutia(reader, findings, `${name} minutia ${i + 1}`, layout))
  return minutiae
}

function readMinutia(reader: ByteReader, findings: Findings, name: string, layout: MinutiaLayout): CodedMinutia {
  const offset = reader.offset
  const typeAndX = reader.u16(name)
  const reservedAndY = reader.u16(name)
  if (reservedAndY > RECORD_LIMITS.coordinateMax)
    findings.quirk(`${name} reserved bits`, offset + 2, 'zero', 'others', 'they are ignored')
  const type = minutiaType(typeAndX >> 14, findings, name, offset)
  const [xPx, yPx] = [typeAndX & RECORD_LIMITS.coordinateMax, reservedAndY & RECORD_LIMITS.coordinateMax]
  checkInside(xPx, yPx, layout, findings, name, offset)
  const angleOffset = reader.offset
  const angleCode = reader.u8(name)
  const quality = layout.sizeBytes === 6 ? readMinutiaQuality(reader, findings, name) : null
  return { type, xPx, yPx, angleCode, angleOffset, quality }
}

/** Code 3 is reserved in every format. */
export function minutiaType(code: number, findings: Findings, name: string, offset: number): MinutiaType {
  const type = MINUTIA_TYPES[code]
  if (type === undefined) findings.quirk(`${name} type`, offset, '0, 1 or 2', '3', 'it is read as other')
  return type ?? 'other'
}

/** A minutia outside the image is kept when lenient: it is the size that writers get wrong. */
export function checkInside(
  xPx: number,
  yPx: number,
  frame: { readonly widthPx: number; readonly heightPx: number },
  findings: Findings,
  name: string,
  offset: number,
): void {
  if (xPx >= frame.widthPx || yPx >= frame.heightPx || xPx < 0 || yPx < 0)
    findings.quirk(`${name} position`, offset, 'inside the image', 'one outside', 'it is kept')
}

/**
 * 1 to 100. Null for 0, which says "not reported" in the formats of 2004 and 2005 and "lowest" in the later ones
 * (which sorts it alike), and for 254 and 255, "not reported" and "failed" of the later ones.
 */
function readMinutiaQuality(reader: ByteReader, findings: Findings, name: string): number | null {
  const offset = reader.offset
  const quality = reader.u8(name)
  if (quality >= 254 || quality === 0) return null
  if (quality <= 100) return quality
  findings.quirk(`${name} quality`, offset, '0 to 100, 254 or 255', String(quality), 'it is read as not reported')
  return null
}
