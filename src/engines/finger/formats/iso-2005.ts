import type { FingerRecord, FingerView } from '../../../domain/finger.js'
import { ANGLE_STEP_RAD } from './angles.js'
import { ByteWriter } from './byte-writer.js'
import { Findings, type ReadMode } from './findings.js'
import { decodeView } from './minutiae.js'
import { MAGIC, openRecord, VERSION } from './record-header.js'
import { checkEnd, checkNotCut } from './record-length.js'
import { checkViewCount, readResolution, readSize } from './view-fields.js'
import { readViews2005 } from './views-2005.js'
import { checkWritable, writeFrame, writeViews2005 } from './write-views-2005.js'

const HEADER_BYTES = 24

/**
 * ISO/IEC 19794-2:2005, record format. Big-endian. Header of 24 bytes: "FMR\0", " 20\0", u32 length, u16 certification
 * and sensor, u16 width, u16 height, u16 horizontal and u16 vertical resolution (pixels per cm), u8 count of views,
 * u8 reserved; then the views. Angles in 256ths of a turn.
 * @throws DomainError PARSE_ERROR, FORMAT_UNSUPPORTED
 */
export function readIso2005(bytes: Uint8Array, mode: ReadMode): FingerRecord {
  const findings = new Findings(mode)
  const reader = openRecord(bytes, VERSION[2005], findings)
  const length = { offset: reader.offset, bytes: reader.u32('record length') }
  checkNotCut(length, bytes.length, findings)
  reader.skip(2, 'certification and sensor')
  const frame = { ...readSize(reader, ''), ...readResolution(reader, findings, '') }
  const viewCount = reader.u8('number of views')
  checkViewCount(viewCount, reader.offset - 1)
  reader.skip(1, 'reserved byte')
  const views = readViews2005(reader, findings, { viewCount, frame, extensionLengthCounts: 'data' })
  checkEnd(reader, length, findings)
  return {
    format: 'iso-19794-2-2005',
    views: views.map((view) => decodeView(view, ANGLE_STEP_RAD.iso)),
    warnings: findings.warnings,
  }
}

/**
 * Holds whole pixels and 256 directions, one size and resolution for all views, up to 255 minutiae a view. It has no
 * word for "quality not reported" of a view: that is written as 0. Extensions, certification and sensor are not written.
 * @throws DomainError INVALID_ARGUMENT where a view does not fit
 */
export function writeIso2005(views: readonly FingerView[]): Uint8Array {
  const frame = checkWritable(views)
  const body = writeViews2005(views, ANGLE_STEP_RAD.iso)
  const header = new ByteWriter().text(MAGIC + VERSION[2005]).u32(HEADER_BYTES + body.length)
  writeFrame(header.u16(0), frame).u8(views.length).u8(0)
  return Uint8Array.from([...header.toBytes(), ...body])
}
