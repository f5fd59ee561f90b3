import { DomainError } from '../../../domain/errors.js'
import type { FingerRecord } from '../../../domain/finger.js'
import { ANGLE_STEP_RAD } from './angles.js'
import type { ByteReader } from './byte-reader.js'
import { skipExtensions } from './extensions.js'
import { Findings, parseError, type ReadMode } from './findings.js'
import { RECORD_LIMITS } from './limits.js'
import { decodeView, readMinutiae, type CodedView } from './minutiae.js'
import { openRecord, VERSION } from './record-header.js'
import { checkEnd, checkNotCut } from './record-length.js'
import {
  checkDistinct,
  checkViewCount,
  readPosition,
  readResolution,
  readSize,
  readViewNumber,
  readViewQuality,
} from './view-fields.js'

/** u8 quality, u16 vendor, u16 algorithm. */
const QUALITY_BLOCK_BYTES = 5
/** u16 authority, u8 scheme. */
const CERTIFICATE_BYTES = 3

/**
 * ISO/IEC 19794-2:2011, record format. Big-endian. Header of 15 bytes: "FMR\0", "030\0", u32 length, u16 count of views,
 * u8 whether views carry certificates. A view begins with its own length (u32, which it counts); see `readView`.
 * @throws DomainError PARSE_ERROR, FORMAT_UNSUPPORTED, LIMIT_EXCEEDED (views)
 */
export function readIso2011(bytes: Uint8Array, mode: ReadMode): FingerRecord {
  const findings = new Findings(mode)
  const reader = openRecord(bytes, VERSION[2009], findings)
  const length = { offset: reader.offset, bytes: reader.u32('record length') }
  checkNotCut(length, bytes.length, findings)
  const viewCount = readViewCount(reader)
  const hasCertificates = reader.u8('certification flag') !== 0
  const views: CodedView[] = []
  for (let i = 0; i < viewCount; i++) views.push(readSizedView(reader, findings, `view ${i + 1}`, hasCertificates))
  checkDistinct(views, findings, reader.offset)
  checkEnd(reader, length, findings)
  return {
    format: 'iso-19794-2-2011',
    views: views.map((view) => decodeView(view, ANGLE_STEP_RAD.iso)),
    warnings: findings.warnings,
  }
}

function readViewCount(reader: ByteReader): number {
  const offset = reader.offset
  const viewCount = reader.u16('number of views')
  checkViewCount(viewCount, offset)
  if (viewCount > RECORD_LIMITS.viewsMax)
    throw new DomainError('LIMIT_EXCEEDED', `at most ${RECORD_LIMITS.viewsMax} views at byte ${offset}`, `${viewCount}`)
  return viewCount
}

/** A view within its stated length: nothing of it reaches into the next one. */
function readSizedView(reader: ByteReader, findings: Findings, name: string, hasCertificates: boolean): CodedView {
  const field = `${name} length`
  const offset = reader.offset
  const lengthBytes = reader.u32(field)
  const ownBytes = reader.offset - offset
  if (lengthBytes < ownBytes) throw parseError(field, offset, `at least ${ownBytes}`, String(lengthBytes))
  const part = reader.part(lengthBytes - ownBytes, field)
  const view = readView(part, findings, name, hasCertificates)
  if (part.remaining > 0)
    findings.quirk(field, offset, 'the end of its extensions', `${part.remaining} bytes more`, 'they are ignored')
  return view
}

/**
 * 9 bytes date and time, u8 sensor technology, u16 vendor, u16 sensor, u8 count of quality blocks and these, u8 count of
 * certificates and these (only with the flag), u8 position, u8 view number, u16 horizontal and u16 vertical resolution,
 * u8 impression, u16 width, u16 height, u8 (bytes of a minutia << 4 | type of ridge endings), u8 count of minutiae,
 * minutiae of 5 or 6 bytes, u16 bytes of extensions, extensions.
 */
function readView(reader: ByteReader, findings: Findings, name: string, hasCertificates: boolean): CodedView {
  reader.skip(14, `${name} date and sensor`)
  const quality = readQualityBlocks(reader, findings, name)
  if (hasCertificates) {
    const certificateCount = reader.u8(`${name} count of certificates`)
    reader.skip(certificateCount * CERTIFICATE_BYTES, `${name} certificates`)
  }
  const position = readPosition(reader, findings, name)
  const viewNumber = readViewNumber(reader, name)
  const resolution = readResolution(reader, findings, `${name} `)
  const impression = reader.u8(`${name} impression`)
  const frame = { ...readSize(reader, `${name} `), ...resolution }
  const sizeBytes = readMinutiaSize(reader, name)
  const count = reader.u8(`${name} count of minutiae`)
  const minutiae = readMinutiae(reader, findings, name, { ...frame, count, sizeBytes })
  skipExtensions(reader, findings, name, 'header-and-data')
  return { position, viewNumber, impression, quality, ...frame, minutiae }
}

/** @returns the first quality that was reported: producers put their best algorithm first */
function readQualityBlocks(reader: ByteReader, findings: Findings, name: string): number | null {
  const count = reader.u8(`${name} count of quality blocks`)
  reader.expect(count * QUALITY_BLOCK_BYTES, `${name} quality blocks`)
  let first: number | null = null
  for (let i = 0; i < count; i++) {
    const quality = readViewQuality(reader, findings, name, true)
    first ??= quality
    reader.skip(4, `${name} quality vendor and algorithm`)
  }
  return first
}

function readMinutiaSize(reader: ByteReader, name: string): 5 | 6 {
  const offset = reader.offset
  const sizeBytes = reader.u8(`${name} size of a minutia`) >> 4
  if (sizeBytes !== 5 && sizeBytes !== 6)
    throw parseError(`${name} size of a minutia`, offset, '5 or 6 bytes', String(sizeBytes))
  return sizeBytes
}
