import type { CallContext } from './context.js'
import type { FingerFormat, FingerPosition } from './finger.js'

/** Formats of fingerprint images. `gray8` is raw: heightPx rows of widthPx bytes from the top, 0 black (ridges are dark). */
export const FINGER_IMAGE_FORMATS = ['gray8', 'png', 'tiff', 'bmp', 'wsq'] as const
export type FingerImageFormat = (typeof FINGER_IMAGE_FORMATS)[number]

/** One finger in one image. */
export interface FingerImage {
  readonly format: FingerImageFormat
  readonly bytes: Uint8Array
  /** Needed for `gray8`; otherwise null, or what the caller believes and the decoder checks. */
  readonly widthPx: number | null
  readonly heightPx: number | null
  /** Dots per inch in both directions; null takes what the file says. Without either: INVALID_ARGUMENT on the field "resolution_dpi". */
  readonly resolutionDpi: number | null
  readonly position: FingerPosition
  /** The standard's code of how the finger was captured; 0 is a live plain impression. */
  readonly impression: number
}

/** What an extractor says of itself. */
export interface ExtractorDescription {
  /** Of the product, stable over versions: letters, digits and . _ : - */
  readonly id: string
  readonly version: string
  readonly modality: 'finger'
  readonly inputFormats: readonly FingerImageFormat[]
  /** A format with a header; see `FINGER_FORMATS`. */
  readonly outputFormat: FingerFormat
  /** Changes whenever templates of two versions should not be trusted to compare alike; part of the template space. */
  readonly descriptorVersion: string
}

export interface ExtractedFinger {
  /** Records in the extractor's `outputFormat`, at least one; several where the image holds several fingers. */
  readonly templates: readonly Uint8Array[]
  /** 0 to 100. */
  readonly quality: number
  /** Sentences for the operator; never biometric data, names or identifiers. */
  readonly warnings: readonly string[]
}

/**
 * The extractor plug-in: the same contract in process (an ES module) and out of process (the gRPC service `Extractor`).
 * Whatever a plug-in does (throws, hangs, answers rubbish or late), the service sees one of the errors below and goes on.
 *
 * All methods may throw DomainError
 * - NO_FINGER, QUALITY_TOO_LOW: a refusal, with reasons for the operator;
 * - INVALID_ARGUMENT (field `resolution_dpi`: a bad or missing resolution), FORMAT_UNSUPPORTED, PARSE_ERROR, LIMIT_EXCEEDED;
 * - UNAVAILABLE (it is down, or its answers cannot be used), OVERLOADED, DEADLINE_EXCEEDED, CANCELLED.
 */
export interface FingerExtractor {
  describe(context: CallContext): Promise<ExtractorDescription>
  quality(
    image: FingerImage,
    context: CallContext,
  ): Promise<{ readonly quality: number; readonly warnings: readonly string[] }>
  extract(image: FingerImage, context: CallContext): Promise<ExtractedFinger>
  /** Resolves when it can work. @throws DomainError UNAVAILABLE with the reason */
  health(context: CallContext): Promise<void>
  close(): Promise<void>
}

/** Which extractor made an answer: what a template space is bound to. */
export type ExtractorIdentity = Pick<ExtractorDescription, 'id' | 'version' | 'descriptorVersion'>

/**
 * An extractor of somebody else's, as its adapter reaches it: an answer may be anything until `extractor-answers.ts`
 * has read it. `CheckedExtractor` makes a `FingerExtractor` of it.
 *
 * The signal of the context aborts at the deadline too, and there always is one: no adapter sets a time limit of its own.
 * @throws DomainError, as FingerExtractor; UNAVAILABLE has `retryAfterMs` when trying again is worth it
 */
export interface OutsideExtractor {
  /** Should be an ExtractorDescription. */
  describe(context: CallContext): Promise<unknown>
  /** Should be `{quality, warnings}`. */
  quality(image: FingerImage, context: CallContext): Promise<unknown>
  /** Should be an ExtractedFinger and `extractor`, its ExtractorIdentity. */
  extract(image: FingerImage, context: CallContext): Promise<unknown>
  /** @throws DomainError UNAVAILABLE with the reason */
  health(context: CallContext): Promise<void>
  close(): Promise<void>
}
