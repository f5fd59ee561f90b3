import type { DecodedGrey } from '../../../domain/grey-image.js'
import { BitReader } from './bit-reader.js'
import { ByteReader, damaged } from './byte-reader.js'
import { codedCount, Coefficients, dequantise } from './coefficients.js'
import { HuffmanCode } from './huffman-code.js'
import { commentPpi } from './nistcom.js'
import { layOutSubbands, type SubbandTree } from './subband-tree.js'
import { joinRegion } from './synthesis.js'
import { readFilters, readFrame, readHuffmanCodes, readQuantisation } from './tables.js'
import type { Filters, Frame, Quantisation } from './tables.js'

const MARKER = {
  SOI: 0xffa0,
  EOI: 0xffa1,
  SOF: 0xffa2,
  SOB: 0xffa3,
  DTT: 0xffa4,
  DQT: 0xffa5,
  DHT: 0xffa6,
  COM: 0xffa8,
}
/** The specification is written for scans of 500 pixels per inch (WSQ v3.1); a comment may say otherwise. */
const RESOLUTION_DPI = 500

/** What the stream has told so far. */
interface Stream {
  readonly codes: Map<number, HuffmanCode>
  filters?: Filters
  quantisation?: Quantisation
  frame?: Frame
  tree?: SubbandTree
  coefficients?: Coefficients
  ppi?: number
}

/**
 * Decodes a WSQ image: tables → Huffman → bins to amplitudes → inverse wavelet transform → grey.
 *
 * Source: the format is the FBI's WSQ Gray-scale Fingerprint Image Compression Specification (IAFIS-IC-0110 v3.1); layout and
 * arithmetic are as NIST's public-domain NBIS decoder has them, which is what was read. No code was taken from it.
 * @throws DomainError PARSE_ERROR, LIMIT_EXCEEDED (over 4 megapixels), FORMAT_UNSUPPORTED (filters of even length)
 */
export function decodeWsq(bytes: Uint8Array): DecodedGrey {
  const { frame, filters, quantisation, tree, coefficients, ppi } = readStream(new ByteReader(bytes))
  if (!frame || !filters || !quantisation || !tree || !coefficients?.isComplete)
    throw damaged('a whole WSQ image', 'one without all its tables and coefficients')
  const { widthPx, heightPx } = frame
  const plane = new Float32Array(widthPx * heightPx)
  dequantise(coefficients.values, tree.subbands, quantisation, plane, widthPx)
  // The uncoded diagonal quarter stays zero, whatever joins within it would do.
  for (const region of tree.joins) joinRegion(plane, widthPx, region, filters)
  return { widthPx, heightPx, pixels: toGrey(plane, frame), resolutionDpi: ppi ?? RESOLUTION_DPI }
}

function readStream(reader: ByteReader): Stream {
  if (reader.u16() !== MARKER.SOI) throw damaged('a WSQ image', 'bytes that begin otherwise')
  const stream: Stream = { codes: new Map() }
  for (let marker = reader.u16(); marker !== MARKER.EOI; marker = reader.u16()) {
    const segment = reader.part(reader.u16() - 2)
    if (marker === MARKER.SOB) readBlock(reader, segment, stream)
    else readTable(marker, segment, stream)
  }
  return stream
}

function readTable(marker: number, segment: ByteReader, stream: Stream): void {
  if (marker === MARKER.DTT) stream.filters = readFilters(segment)
  else if (marker === MARKER.DQT) stream.quantisation = readQuantisation(segment)
  else if (marker === MARKER.DHT) readHuffmanCodes(segment, stream.codes)
  else if (marker === MARKER.SOF) startFrame(readFrame(segment), stream)
  else if (marker === MARKER.COM) setPpi(commentPpi(segment.bytes), stream)
  else throw damaged('a WSQ marker', `marker ${marker.toString(16)}`)
}

function setPpi(ppi: number | null, stream: Stream): void {
  if (ppi !== null) stream.ppi = ppi
}

function startFrame(frame: Frame, stream: Stream): void {
  if (stream.frame) throw damaged('one frame', 'a second one')
  stream.frame = frame
  stream.tree = layOutSubbands(frame.widthPx, frame.heightPx)
}

function readBlock(reader: ByteReader, segment: ByteReader, stream: Stream): void {
  const code = stream.codes.get(segment.u8())
  if (!code || !stream.tree || !stream.quantisation) throw damaged('tables before the block that needs them', 'none')
  stream.coefficients ??= new Coefficients(codedCount(stream.tree.subbands, stream.quantisation))
  stream.coefficients.readBlock(new BitReader(reader), code)
}

function toGrey(plane: Float32Array, { shift, scale }: Frame): Uint8Array {
  const pixels = new Uint8ClampedArray(plane.length)
  for (let i = 0; i < plane.length; i++) pixels[i] = plane[i]! * scale + shift
  return new Uint8Array(pixels.buffer)
}
