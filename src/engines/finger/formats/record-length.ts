import type { ByteReader } from './byte-reader.js'
import type { Findings } from './findings.js'

/** The length that a record says it has, and where it says so. */
export interface StatedLength {
  readonly bytes: number
  readonly offset: number
}

const FIELD = 'record length'

/** Before the views are read: a record that says that it is longer than what was given has been cut short. */
export function checkNotCut(stated: StatedLength, givenBytes: number, findings: Findings): void {
  if (stated.bytes > givenBytes)
    findings.quirk(FIELD, stated.offset, `at most the ${givenBytes} bytes given`, String(stated.bytes), 'it is ignored')
}

/** After the last view: its end, the stated length and what was given must agree. */
export function checkEnd(reader: ByteReader, stated: StatedLength, findings: Findings): void {
  const end = reader.offset
  const givenBytes = end + reader.remaining
  if (stated.bytes < end || (stated.bytes > end && stated.bytes < givenBytes))
    findings.quirk(FIELD, stated.offset, `${end}, where the last view ends`, String(stated.bytes), 'it is ignored')
  if (reader.remaining > 0)
    findings.quirk('end of the record', end, 'the last byte', `${reader.remaining} more`, 'they are ignored')
}
