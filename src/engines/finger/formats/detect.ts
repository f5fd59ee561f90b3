import { DomainError } from '../../../domain/errors.js'
import type { FingerFormat } from '../../../domain/finger.js'
import { ByteReader } from './byte-reader.js'
import { asciiAt, MAGIC, VERSION, VERSION_2005_MISSPELT } from './record-header.js'

/** The shortest record of each: its header. */
const ANSI_2004_BYTES_MIN = 26
const ISO_2005_BYTES_MIN = 24
const ISO_2011_HEADER_BYTES = 15

/** Records of other things that begin alike. */
const OTHER_RECORDS: Readonly<Record<string, string>> = {
  'FIR\0': 'a finger image record (ISO/IEC 19794-4, ANSI INCITS 381): extract a template from it first',
  'IIR\0': 'an iris image record (ISO/IEC 19794-6): irises are not compared here',
  'FAC\0': 'a face image record (ISO/IEC 19794-5): send its image to the face services',
}

/**
 * Tells the format of a record by its header. Card formats and .xyt have none and are never guessed.
 * @throws DomainError FORMAT_UNSUPPORTED, PARSE_ERROR (shorter than what tells formats apart)
 */
export function detectFormat(bytes: Uint8Array): FingerFormat {
  const magic = asciiAt(bytes, 0, 4)
  if (magic !== MAGIC) {
    const got = OTHER_RECORDS[magic] ?? 'bytes that begin otherwise'
    throw new DomainError('FORMAT_UNSUPPORTED', 'a minutiae record that begins with "FMR", or a named format', got)
  }
  switch (asciiAt(bytes, 4, 4)) {
    case VERSION[2005]:
    case VERSION_2005_MISSPELT:
      return isAnsi2004(bytes) ? 'ansi-378-2004' : 'iso-19794-2-2005'
    case VERSION[2009]:
      return isIso2011(bytes) ? 'iso-19794-2-2011' : 'ansi-378-2009'
    case VERSION.am1:
      return 'ansi-378-2009-am1'
    default:
      throw new DomainError('FORMAT_UNSUPPORTED', 'version " 20", "030" or "035" at byte 4', 'another version')
  }
}

/**
 * ANSI has a length of two bytes where ISO has the upper half of one of four. Read as two bytes, 26 or more is too much
 * for ISO (a record of 1.7 MB), 1 to 25 too little for ANSI; after 0 comes the lower half of ISO's or the upper half of
 * ANSI's long form.
 */
function isAnsi2004(bytes: Uint8Array): boolean {
  const reader = new ByteReader(bytes, 8)
  const first = reader.u16('record length')
  if (first > 0) return first >= ANSI_2004_BYTES_MIN
  return reader.u16('record length') < ISO_2005_BYTES_MIN
}

/** It is ISO when the lengths of its views, followed one after the other, make up the whole. */
function isIso2011(bytes: Uint8Array): boolean {
  const reader = new ByteReader(bytes, 8)
  const totalBytes = reader.u32('record length')
  let endBytes = ISO_2011_HEADER_BYTES
  if (reader.remaining < 3) return false
  const viewCount = reader.u16('number of views')
  for (let i = 0; i < viewCount; i++) {
    if (endBytes + 4 > bytes.length) return false
    const lengthBytes = new ByteReader(bytes, endBytes).u32('view length')
    if (lengthBytes === 0) return false
    endBytes += lengthBytes
  }
  return endBytes === totalBytes
}
