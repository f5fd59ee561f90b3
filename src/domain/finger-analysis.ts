import type { Refusal } from './analysis.js'
import type { CallContext } from './context.js'
import type { FingerImage } from './extractor.js'
import type { FingerReadOptions } from './finger-codec.js'
import type { FingerPosition, NormalisedMinutiae } from './finger.js'

/** A fingerprint sample as a caller gives it: a template in a standard format, or an image for the extractor. */
export type FingerInput =
  | {
      readonly kind: 'record'
      readonly bytes: Uint8Array
      readonly options: FingerReadOptions
      /** Which finger it is where the record does not say; `unknown` takes what the record says. */
      readonly position: FingerPosition
    }
  | { readonly kind: 'image'; readonly image: FingerImage }

/** One impression of one finger, ready to be stored and compared. */
export interface AnalysedFinger {
  readonly position: FingerPosition
  readonly impression: number
  /** 0 to 100; null when nobody reported one. */
  readonly quality: number | null
  readonly minutiaeCount: number
  /** ISO/IEC 19794-2:2005, this impression alone: what the store keeps as the reference. */
  readonly record: Uint8Array
  readonly minutiae: NormalisedMinutiae
}

interface FingerAnalysisCommon {
  /** "iso-19794-2-2005" … of a record, "png" … of an image. */
  readonly format: string
  /** "<extractor id>@<version>" of an image; '' of a record, whose extractor is not known. */
  readonly extractor: string
  /** Sentences for the operator; never biometric data, names or identifiers. */
  readonly warnings: readonly string[]
}

/** What one fingerprint sample holds. */
export type FingerAnalysis =
  | (FingerAnalysisCommon & { readonly outcome: 'extracted'; readonly fingers: readonly AnalysedFinger[] })
  | (FingerAnalysisCommon & { readonly outcome: 'refused'; readonly refusal: Refusal })

/** What fingerprints are compared by. */
export interface FingerAlgorithm {
  /** "<descriptor version>@<sha256 prefix of its data>": the space of fingerprint templates. */
  readonly algorithm: string
  /** Scores are −log10 of a false match rate; this is what that was measured on. */
  readonly measuredOn: string
}

/** Fingerprint samples as services see them. */
export interface FingerAnalyser {
  readonly algorithm: FingerAlgorithm
  /**
   * @param minimumQuality 0 to 100; an impression that reports less is refused
   * @throws DomainError PARSE_ERROR, FORMAT_UNSUPPORTED, LIMIT_EXCEEDED, INVALID_ARGUMENT (a position that contradicts the record's,
   * a frame that is missing); for images whatever the extractor throws. A finger that is missing or not good enough is the outcome `refused`.
   */
  analyse(input: FingerInput, minimumQuality: number, context: CallContext): Promise<FingerAnalysis>
  /** 1:1. @returns −log10 of the false match rate, 0 and more; greater is more alike */
  compare(probe: NormalisedMinutiae, reference: NormalisedMinutiae): number
  /** A stored reference again. @throws DomainError UNAVAILABLE when it is damaged */
  read(record: Uint8Array): { readonly position: FingerPosition; readonly minutiae: NormalisedMinutiae }
}
