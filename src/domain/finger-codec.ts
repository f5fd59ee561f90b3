import type { FingerFormat, FingerRecord, FingerView } from './finger.js'

/** One template, bytes. 176 views (11 positions of 16) of 255 minutiae are 0.3 MB; extensions may treble that. */
export const FINGER_TEMPLATE_BYTES_MAX = 1024 * 1024

/** The image that minutiae were found in, where their format does not tell. */
export interface FingerFrame {
  readonly widthPx: number
  readonly heightPx: number
  /** Pixels per centimetre, in both directions; 197 is 500 dpi. */
  readonly resolutionPpcm: number
}

export interface FingerReadOptions {
  /** Needed for card formats and xyt; the others are told by their header. */
  readonly format?: FingerFormat
  /** Default `strict`. `lenient` reads on, with a warning, past what real records get wrong. */
  readonly mode?: 'strict' | 'lenient'
  /** Needed for card formats and xyt; ignored for the others. */
  readonly frame?: FingerFrame
}

/** Reads, writes and draws fingerprint templates; see `engines/finger/formats`. Pure: no I/O, no state. */
export interface FingerCodec {
  /** @throws DomainError PARSE_ERROR, FORMAT_UNSUPPORTED, LIMIT_EXCEEDED, INVALID_ARGUMENT on "frame" */
  read(bytes: Uint8Array, options: FingerReadOptions): FingerRecord
  /** @throws DomainError FORMAT_UNSUPPORTED, INVALID_ARGUMENT on "views" */
  write(record: Pick<FingerRecord, 'views'>, format: FingerFormat): Uint8Array
  /** What is lost or rounded when a record is written in a format: a sentence each, none when it holds everything. */
  lossesOf(record: Pick<FingerRecord, 'views'>, format: FingerFormat): readonly string[]
  /** A drawing of one view for inspection: a whole SVG document. */
  draw(view: FingerView): string
}
