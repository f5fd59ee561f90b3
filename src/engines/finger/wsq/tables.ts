import { DomainError } from '../../../domain/errors.js'
import { damaged, type ByteReader } from './byte-reader.js'
import { HuffmanCode } from './huffman-code.js'

/** Subbands of the decomposition; the last four (the finest diagonal detail) are never coded. */
export const SUBBAND_COUNT = 64
export const CODED_SUBBAND_COUNT = 60
/** Width times height: 4 megapixels are a 1,000 dpi scan of a 50 × 50 mm platen; the largest slap is far below. */
export const WSQ_PIXELS_MAX = 4_000_000
/** Longest filter that is read; the encoders in use have 9 and 7 taps. */
const FILTER_LENGTH_MAX = 32
/** Huffman tables that a frame may define (table_id is 0 to 7). */
const HUFFMAN_TABLES_MAX = 8

/** Frame header (SOF). */
export interface Frame {
  readonly widthPx: number
  readonly heightPx: number
  /** A pixel is value · scale + shift. */
  readonly shift: number
  readonly scale: number
}

/** The two synthesis filters, symmetric about their middle. */
export interface Filters {
  readonly low: Float32Array
  readonly high: Float32Array
}

/** Quantisation (DQT), a row for each subband. */
export interface Quantisation {
  readonly binCentre: number
  readonly binWidth: Float64Array
  /** Width of the zero bin. */
  readonly zeroWidth: Float64Array
}

export function readFrame(segment: ByteReader): Frame {
  segment.u16() // the scanner's black and white, which no decoder uses
  const heightPx = segment.u16()
  const widthPx = segment.u16()
  const [shift, scale] = [segment.scaled16(), segment.scaled16()]
  if (widthPx * heightPx > WSQ_PIXELS_MAX)
    throw new DomainError('LIMIT_EXCEEDED', `at most ${WSQ_PIXELS_MAX} pixels`, `${widthPx} × ${heightPx}`)
  if (widthPx === 0 || heightPx === 0) throw damaged('a WSQ image with pixels', `${widthPx} × ${heightPx}`)
  return { widthPx, heightPx, shift, scale }
}

/**
 * Reads the halves of the two analysis filters (DTT) and derives the synthesis filters from them: each is the other
 * analysis filter with every second sign turned.
 * @throws DomainError FORMAT_UNSUPPORTED for filters of even length: no encoder in use writes them
 */
export function readFilters(segment: ByteReader): Filters {
  const [lowLength, highLength] = [segment.u8(), segment.u8()]
  for (const length of [lowLength, highLength]) {
    if (length < 3 || length > FILTER_LENGTH_MAX)
      throw damaged(`filters of 3 to ${FILTER_LENGTH_MAX} taps`, `${length} taps`)
    if (length % 2 === 0) throw new DomainError('FORMAT_UNSUPPORTED', 'WSQ filters of odd length', `${length} taps`)
  }
  const high = alternated(segment, lowLength)
  return { low: alternated(segment, highLength), high }
}

function alternated(segment: ByteReader, length: number): Float32Array {
  const middle = (length - 1) / 2
  const filter = new Float32Array(length)
  for (let i = 0; i <= middle; i++)
    filter[middle + i] = filter[middle - i] = segment.scaled32() * (i % 2 === 0 ? 1 : -1)
  return filter
}

export function readQuantisation(segment: ByteReader): Quantisation {
  const binCentre = segment.scaled16()
  const binWidth = new Float64Array(SUBBAND_COUNT)
  const zeroWidth = new Float64Array(SUBBAND_COUNT)
  for (let i = 0; i < SUBBAND_COUNT; i++) {
    binWidth[i] = segment.scaled16()
    zeroWidth[i] = segment.scaled16()
  }
  return { binCentre, binWidth, zeroWidth }
}

/** Reads the tables of one DHT segment into `codes`, by their number. */
export function readHuffmanCodes(segment: ByteReader, codes: Map<number, HuffmanCode>): void {
  while (!segment.isAtEnd) {
    const id = segment.u8()
    if (id >= HUFFMAN_TABLES_MAX) throw damaged('a Huffman table of number 0 to 7', `number ${id}`)
    const countByLength = Array.from({ length: 16 }, () => segment.u8())
    const symbolCount = countByLength.reduce((sum, count) => sum + count, 0)
    if (symbolCount > 256) throw damaged('at most 256 Huffman codes', `${symbolCount} codes`)
    const symbols = Uint8Array.from({ length: symbolCount }, () => segment.u8())
    codes.set(id, new HuffmanCode(countByLength, symbols))
  }
}
