/** Which finger a sample is of; `unknown` is compared with every position. In the order of ISO/IEC 19794-2, table 5 (0 to 10). */
export const FINGER_POSITIONS = [
  'unknown',
  'right-thumb',
  'right-index',
  'right-middle',
  'right-ring',
  'right-little',
  'left-thumb',
  'left-index',
  'left-middle',
  'left-ring',
  'left-little',
] as const
export type FingerPosition = (typeof FINGER_POSITIONS)[number]

/** Only the same finger is compared; one that is not known may be any. */
export function areComparable(a: FingerPosition, b: FingerPosition): boolean {
  return a === b || a === 'unknown' || b === 'unknown'
}

/** In the order of ISO/IEC 19794-2 (0 to 2): `other` is neither or not said. */
export const MINUTIA_TYPES = ['other', 'ending', 'bifurcation'] as const
export type MinutiaType = (typeof MINUTIA_TYPES)[number]

/** Formats of fingerprint templates. Card formats carry no header and are never guessed: the caller names them. */
export const FINGER_FORMATS = [
  'iso-19794-2-2005',
  'iso-19794-2-2011',
  'ansi-378-2004',
  'ansi-378-2009',
  'ansi-378-2009-am1',
  'iso-card-normal',
  'iso-card-compact',
  'xyt',
] as const
export type FingerFormat = (typeof FINGER_FORMATS)[number]

/** A minutia as a record holds it, in the record's own pixels. */
export interface RecordMinutia {
  readonly type: MinutiaType
  /** Pixels of the record's resolution: from the left edge, and down from the top edge. */
  readonly xPx: number
  readonly yPx: number
  /** ISO direction: along the ridge (of a bifurcation: along the valley), counter-clockwise from +x, 0 to 2π. */
  readonly angleRad: number
  /** 1 to 100; null when not reported. */
  readonly quality: number | null
}

/** One impression of one finger. */
export interface FingerView {
  readonly position: FingerPosition
  /** 0 to 15: several views of one position are told apart by it. */
  readonly viewNumber: number
  /** The standard's code of how the finger was captured; 0 is a live plain impression. */
  readonly impression: number
  /** 0 to 100; null when not reported or failed. */
  readonly quality: number | null
  readonly widthPx: number
  readonly heightPx: number
  /** Pixels per centimetre (197 is 500 dpi). */
  readonly resolutionXPpcm: number
  readonly resolutionYPpcm: number
  readonly minutiae: readonly RecordMinutia[]
}

/** A fingerprint record, read. */
export interface FingerRecord {
  readonly format: FingerFormat
  /** At least one. */
  readonly views: readonly FingerView[]
  /** What a lenient reading let pass; sentences that name field and byte offset, never values of minutiae. */
  readonly warnings: readonly string[]
}

/**
 * The minutiae of one view, brought to one convention so that any two can be compared.
 *
 * Unit:  pixels at 500 dpi, y UP; angles in radians counter-clockwise, 0 to 2π, ISO direction.
 * Shape: arrays of one length, exact duplicates dropped, best quality first (the record's order where quality ties).
 */
export interface NormalisedMinutiae {
  readonly x: Float32Array
  readonly y: Float32Array
  readonly angleRad: Float32Array
  /** Index into MINUTIA_TYPES. */
  readonly type: Uint8Array
  /** 0 to 100; 0 when not reported. */
  readonly quality: Uint8Array
}
