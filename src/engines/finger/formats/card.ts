import { DomainError } from '../../../domain/errors.js'
import type { FingerRecord } from '../../../domain/finger.js'
import type { FingerFrame } from '../../../domain/finger-codec.js'
import { ANGLE_STEP_RAD } from './angles.js'
import { ByteReader } from './byte-reader.js'
import { Findings, type ReadMode } from './findings.js'
import { checkFrame, UNSAID } from './frame.js'
import { RECORD_LIMITS } from './limits.js'
import { checkInside, decodeView, minutiaType, type CodedMinutia } from './minutiae.js'

export type CardFormat = 'iso-card-normal' | 'iso-card-compact'

interface CardLayout {
  readonly sizeBytes: number
  /** Of one centimetre. */
  readonly unitsPerCm: number
  readonly stepRad: number
}

/** Sizes and units as NIST reads them (biomdi: fmd.c, ansi2iso.c). */
const LAYOUTS: Readonly<Record<CardFormat, CardLayout>> = {
  'iso-card-normal': { sizeBytes: 5, unitsPerCm: 1000, stepRad: ANGLE_STEP_RAD.iso },
  'iso-card-compact': { sizeBytes: 3, unitsPerCm: 100, stepRad: ANGLE_STEP_RAD.compact },
}

/**
 * The card formats of ISO/IEC 19794-2: minutiae alone, from the top left corner, y down, no quality.
 * Normal: u16 (type << 14 | x), u16 (reserved << 14 | y) in 0.01 mm, u8 angle in 256ths of a turn.
 * Compact: u8 x, u8 y in 0.1 mm, u8 (type << 6 | angle in 64ths of a turn).
 * Positions become pixels of the caller's frame, and fractions of them: a unit is no whole number of pixels.
 * @throws DomainError PARSE_ERROR, LIMIT_EXCEEDED, INVALID_ARGUMENT (frame)
 */
export function readCard(
  bytes: Uint8Array,
  mode: ReadMode,
  format: CardFormat,
  callerFrame: FingerFrame | undefined,
): FingerRecord {
  const frame = checkFrame(callerFrame)
  const findings = new Findings(mode)
  const { sizeBytes, unitsPerCm, stepRad } = LAYOUTS[format]
  const count = Math.floor(bytes.length / sizeBytes)
  if (count > RECORD_LIMITS.minutiaeMax)
    throw new DomainError('LIMIT_EXCEEDED', `at most ${RECORD_LIMITS.minutiaeMax} minutiae`, `${count}`)
  const reader = new ByteReader(bytes)
  const readMinutia = format === 'iso-card-normal' ? readNormal : readCompact
  const minutiae: CodedMinutia[] = []
  for (let i = 0; i < count; i++) {
    const name = `minutia ${i + 1}`
    const offset = reader.offset
    const units = readMinutia(reader, findings, name)
    const xPx = (units.xPx * frame.resolutionXPpcm) / unitsPerCm
    const yPx = (units.yPx * frame.resolutionYPpcm) / unitsPerCm
    checkInside(xPx, yPx, frame, findings, name, offset)
    minutiae.push({ ...units, xPx, yPx })
  }
  if (reader.remaining > 0)
    findings.quirk('end', reader.offset, `a whole minutia of ${sizeBytes}`, `${reader.remaining}`, 'they are ignored')
  return { format, views: [decodeView({ ...UNSAID, ...frame, minutiae }, stepRad)], warnings: findings.warnings }
}

/** Positions still in the format's unit. */
function readNormal(reader: ByteReader, findings: Findings, name: string): CodedMinutia {
  const offset = reader.offset
  const typeAndX = reader.u16(name)
  const reservedAndY = reader.u16(name)
  if (reservedAndY > RECORD_LIMITS.coordinateMax)
    findings.quirk(`${name} reserved bits`, offset + 2, 'zero', 'others', 'they are ignored')
  return {
    type: minutiaType(typeAndX >> 14, findings, name, offset),
    xPx: typeAndX & RECORD_LIMITS.coordinateMax,
    yPx: reservedAndY & RECORD_LIMITS.coordinateMax,
    angleOffset: reader.offset,
    angleCode: reader.u8(name),
    quality: null,
  }
}

/** Positions still in the format's unit. */
function readCompact(reader: ByteReader, findings: Findings, name: string): CodedMinutia {
  const xPx = reader.u8(name)
  const yPx = reader.u8(name)
  const angleOffset = reader.offset
  const typeAndAngle = reader.u8(name)
  const type = minutiaType(typeAndAngle >> 6, findings, name, angleOffset)
  return { type, xPx, yPx, angleOffset, angleCode: typeAndAngle & 0x3f, quality: null }
}
