import type { ByteReader } from './byte-reader.js'
import { skipExtensions, type LengthCounts } from './extensions.js'
import type { Findings } from './findings.js'
import { readMinutiae, type CodedView } from './minutiae.js'
import { checkDistinct, readPosition, readViewQuality, type ImageFrame } from './view-fields.js'

export interface ViewsLayout {
  readonly viewCount: number
  /** Of the record: all views share it. */
  readonly frame: ImageFrame
  readonly extensionLengthCounts: LengthCounts
}

/**
 * The views of ANSI INCITS 378-2004 and ISO/IEC 19794-2:2005, which differ in nothing but the unit of angles and what
 * the length of an extension counts: u8 position, u8 (view number << 4 | impression), u8 quality, u8 count of minutiae,
 * minutiae of 6 bytes, u16 bytes of extensions, extensions.
 */
export function readViews2005(reader: ByteReader, findings: Findings, layout: ViewsLayout): readonly CodedView[] {
  const views: CodedView[] = []
  for (let i = 0; i < layout.viewCount; i++) views.push(readView(reader, findings, `view ${i + 1}`, layout))
  checkDistinct(views, findings, reader.offset)
  return views
}

function readView(reader: ByteReader, findings: Findings, name: string, layout: ViewsLayout): CodedView {
  const position = readPosition(reader, findings, name)
  const numberAndImpression = reader.u8(`${name} number and impression`)
  const quality = readViewQuality(reader, findings, name, false)
  const count = reader.u8(`${name} count of minutiae`)
  const minutiae = readMinutiae(reader, findings, name, { ...layout.frame, count, sizeBytes: 6 })
  skipExtensions(reader, findings, name, layout.extensionLengthCounts)
  return {
    position,
    viewNumber: numberAndImpression >> 4,
    impression: numberAndImpression & 0xf,
    quality,
    ...layout.frame,
    minutiae,
  }
}
