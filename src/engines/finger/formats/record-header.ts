import { DomainError } from '../../../domain/errors.js'
import { ByteReader } from './byte-reader.js'
import type { Findings } from './findings.js'

/** The four bytes that begin every record of finger minutiae. */
export const MAGIC = 'FMR\0'

/** Format versions: of ISO/IEC 19794-2:2005 and ANSI 378-2004; of ISO 2011 and ANSI 2009; of ANSI 2009 amendment 1. */
export const VERSION = { 2005: ' 20\0', 2009: '030\0', am1: '035\0' } as const

/** How an early encoder spelt " 20" (the ANSI 378-2004 sample of FingerprintIO for Java). */
export const VERSION_2005_MISSPELT = '020\0'

/** @returns the text of `length` bytes; '' when there are fewer */
export function asciiAt(bytes: Uint8Array, offset: number, length: number): string {
  return offset + length > bytes.length ? '' : String.fromCharCode(...bytes.subarray(offset, offset + length))
}

/**
 * Checks magic and version, and gives a reader of what follows.
 * @throws DomainError FORMAT_UNSUPPORTED
 */
export function openRecord(bytes: Uint8Array, version: string, findings: Findings): ByteReader {
  if (asciiAt(bytes, 0, 4) !== MAGIC)
    throw new DomainError('FORMAT_UNSUPPORTED', '"FMR" at byte 0', 'the bytes of another format')
  const found = asciiAt(bytes, 4, 4)
  if (found === VERSION_2005_MISSPELT && version === VERSION[2005])
    findings.quirk('format version', 4, '" 20"', '"020"', 'it is read as " 20"')
  else if (found !== version)
    throw new DomainError('FORMAT_UNSUPPORTED', `version "${version.slice(0, 3)}" at byte 4`, 'another version')
  return new ByteReader(bytes, 8)
}
