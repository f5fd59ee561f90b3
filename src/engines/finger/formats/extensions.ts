import type { ByteReader } from './byte-reader.js'
import type { Findings } from './findings.js'

/** u16 type and u16 length come before the data of one extension. */
const HEADER_BYTES = 4

/**
 * Whether an extension's length counts its own header: it does in ANSI INCITS 378 and ISO/IEC 19794-2:2011, and does
 * not in ISO/IEC 19794-2:2005.
 */
export type LengthCounts = 'data' | 'header-and-data'

/**
 * Passes over the extensions at the end of a view (ridge counts, cores and deltas, zonal quality, vendors' own): nothing
 * here compares them. Their lengths must add up all the same, for a wrong one says that the view was misread.
 */
export function skipExtensions(reader: ByteReader, findings: Findings, name: string, counts: LengthCounts): void {
  const field = `${name} extension length`
  const offset = reader.offset
  const blockBytes = reader.u16(field)
  if (blockBytes > reader.remaining) {
    const got = `${blockBytes} of which ${reader.remaining} are there`
    findings.quirk(field, offset, 'of bytes that are there', got, 'the extensions are passed over')
    reader.skip(reader.remaining, field)
    return
  }
  if (!addsUp(reader.part(blockBytes, field), field, counts))
    findings.quirk(field, offset, 'the sum of the extensions', 'another', 'the extensions are passed over')
}

function addsUp(block: ByteReader, field: string, counts: LengthCounts): boolean {
  while (block.remaining >= HEADER_BYTES) {
    block.skip(2, field)
    const length = block.u16(field)
    const dataBytes = counts === 'data' ? length : length - HEADER_BYTES
    if (dataBytes < 0 || dataBytes > block.remaining) return false
    block.skip(dataBytes, field)
  }
  return block.remaining === 0
}
