import type { FingerRecord } from '../../../domain/finger.js'
import { ansiStepRad } from './ansi-angles.js'
import type { ByteReader } from './byte-reader.js'
import { skipExtensions } from './extensions.js'
import { Findings, type ReadMode } from './findings.js'
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

export type Ansi2009Format = 'ansi-378-2009' | 'ansi-378-2009-am1'

/**
 * ANSI INCITS 378-2009 and its amendment 1, which differ in the version ("030", "035") and in codes of several fingers.
 * Big-endian. Header of 21 bytes: "FMR\0", version, u32 length, u16 vendor, u16 subformat, u8 certification, u16 sensor,
 * u8 count of views, u8 reserved. A view: u8 position, u8 view number, u8 impression, u8 quality, u16 vendor and u16
 * algorithm of that quality, u16 width, u16 height, u16 horizontal and u16 vertical resolution, u8 count of minutiae,
 * minutiae of 6 bytes with angles in 2°, u16 bytes of extensions, extensions.
 * @throws DomainError PARSE_ERROR, FORMAT_UNSUPPORTED
 */
export function readAnsi2009(bytes: Uint8Array, mode: ReadMode, format: Ansi2009Format): FingerRecord {
  const findings = new Findings(mode)
  const reader = openRecord(bytes, format === 'ansi-378-2009' ? VERSION[2009] : VERSION.am1, findings)
  const length = { offset: reader.offset, bytes: reader.u32('record length') }
  checkNotCut(length, bytes.length, findings)
  const viewCount = readViewCount(reader, findings)
  const views: CodedView[] = []
  for (let i = 0; i < viewCount; i++) views.push(readView(reader, findings, `view ${i + 1}`))
  checkDistinct(views, findings, reader.offset)
  checkEnd(reader, length, findings)
  const stepRad = ansiStepRad(views, findings)
  return { format, views: views.map((view) => decodeView(view, stepRad)), warnings: findings.warnings }
}

/**
 * Reads the rest of the header. In the draft of 2007 certification and sensor shared two bytes, as they did in 2004
 * (NIST's sample fmr.ansi2007): read by the layout of 2009 its reserved byte, 0, stands in for the count of views.
 */
function readViewCount(reader: ByteReader, findings: Findings): number {
  reader.skip(5, 'vendor, subformat and certification')
  const sensorLowAndDraftCount = reader.u16('sensor')
  const offset = reader.offset
  const viewCount = reader.u8('number of views')
  const draftCount = sensorLowAndDraftCount & 0xff
  if (viewCount === 0 && draftCount > 0) {
    findings.quirk('number of views', offset, 'at least 1', '0', 'the header is read by the draft of 2007')
    return draftCount
  }
  checkViewCount(viewCount, offset)
  reader.skip(1, 'reserved byte')
  return viewCount
}

function readView(reader: ByteReader, findings: Findings, name: string): CodedView {
  const position = readPosition(reader, findings, name)
  const viewNumber = readViewNumber(reader, name)
  const impression = reader.u8(`${name} impression`)
  const quality = readViewQuality(reader, findings, name, true)
  reader.skip(4, `${name} quality vendor and algorithm`)
  const frame = { ...readSize(reader, `${name} `), ...readResolution(reader, findings, `${name} `) }
  const count = reader.u8(`${name} count of minutiae`)
  const minutiae = readMinutiae(reader, findings, name, { ...frame, count, sizeBytes: 6 })
  skipExtensions(reader, findings, name, 'header-and-data')
  return { position, viewNumber, impression, quality, ...frame, minutiae }
}
