import type { FingerFormat } from './finger.js'

/** The bounds of what an extractor may answer; proto/portcullis/v1/extractor.proto and docs/extractors.md tell vendors. */
export const EXTRACTOR_LIMITS = {
  /** The fingers of two hands. */
  templatesMax: 10,
  /** A view of 255 minutiae and the longest extension that its 16-bit length can state is 67 KB; twice that. */
  templateBytesMax: 128 * 1024,
  warningsMax: 16,
  /** Of ids and versions. */
  nameLengthMax: 64,
} as const

/** The largest answer: all templates, and room for warnings and wrapping. */
export const EXTRACTOR_ANSWER_BYTES_MAX = EXTRACTOR_LIMITS.templatesMax * EXTRACTOR_LIMITS.templateBytesMax + 256 * 1024

/** Formats that say themselves what they are: the others cannot be checked. */
export const EXTRACTOR_OUTPUT_FORMATS = [
  'iso-19794-2-2005',
  'iso-19794-2-2011',
  'ansi-378-2004',
  'ansi-378-2009',
  'ansi-378-2009-am1',
] as const satisfies readonly FingerFormat[]
