import type { FingerRecord, FingerView } from '../../../domain/finger.js'
import { ANGLE_STEP_RAD } from './angles.js'
import { ansiStepRad } from './ansi-angles.js'
import type { ByteReader } from './byte-reader.js'
import { ByteWriter } from './byte-writer.js'
import { Findings, type ReadMode } from './findings.js'
import { decodeView } from './minutiae.js'
import { MAGIC, openRecord, VERSION } from './record-header.js'
import { checkEnd, checkNotCut, type StatedLength } from './record-length.js'
import { checkViewCount, readResolution, readSize } from './view-fields.js'
import { readViews2005 } from './views-2005.js'
import { checkWritable, writeFrame, writeViews2005 } from './write-views-2005.js'

const HEADER_BYTES = 26
/** "Vendor unknown" in the registry of the International Biometrics + Identity Association. */
const VENDOR_UNKNOWN = 0x0103

/**
 * ANSI INCITS 378-2004. Big-endian. Header of 26 bytes: "FMR\0", " 20\0", u16 length (or 0 and the length as u32), u16
 * vendor, u16 subformat, u16 certification and sensor, u16 width, u16 height, u16 horizontal and u16 vertical resolution
 * (pixels per cm), u8 count of views, u8 reserved; then the views. Angles in units of 2°.
 * @throws DomainError PARSE_ERROR, FORMAT_UNSUPPORTED
 */
export function readAnsi2004(bytes: Uint8Array, mode: ReadMode): FingerRecord {
  const findings = new Findings(mode)
  const reader = openRecord(bytes, VERSION[2005], findings)
  const length = readLength(reader)
  checkNotCut(length, bytes.length, findings)
  reader.skip(6, 'vendor, subformat, certification and sensor')
  const frame = { ...readSize(reader, ''), ...readResolution(reader, findings, '') }
  const viewCount = reader.u8('number of views')
  checkViewCount(viewCount, reader.offset - 1)
  reader.skip(1, 'reserved byte')
  const views = readViews2005(reader, findings, { viewCount, frame, extensionLengthCounts: 'header-and-data' })
  checkEnd(reader, length, findings)
  const stepRad = ansiStepRad(views, findings)
  return { format: 'ansi-378-2004', views: views.map((view) => decodeView(view, stepRad)), warnings: findings.warnings }
}

function readLength(reader: ByteReader): StatedLength {
  const offset = reader.offset
  const bytes = reader.u16('record length')
  return { offset, bytes: bytes === 0 ? reader.u32('record length') : bytes }
}

/**
 * Holds whole pixels and 180 directions, one size and resolution for all views, up to 255 minutiae a view. It has no
 * word for "quality not reported" of a view: that is written as 0. Extensions, certification and sensor are not written.
 * @throws DomainError INVALID_ARGUMENT where a view does not fit
 */
export function writeAnsi2004(views: readonly FingerView[]): Uint8Array {
  const frame = checkWritable(views)
  const body = writeViews2005(views, ANGLE_STEP_RAD.ansi)
  const header = new ByteWriter().text(MAGIC + VERSION[2005])
  const lengthBytes = HEADER_BYTES + body.length
  if (lengthBytes > 0xffff) header.u16(0).u32(lengthBytes + 4)
  else header.u16(lengthBytes)
  writeFrame(header.u16(VENDOR_UNKNOWN).u16(0).u16(0), frame).u8(views.length).u8(0)
  return Uint8Array.from([...header.toBytes(), ...body])
}
