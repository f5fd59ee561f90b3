import { DomainError, invalid } from './errors.js'
import { EXTRACTOR_LIMITS } from './extractor-limits.js'
import { LIMITS } from './limits.js'

/** How an extractor names its failures, over gRPC and in a module alike; see docs/extractors.md. */
export const EXTRACTOR_REASONS = [
  'NO_FINGER', // understood, and there is no finger in it
  'LOW_QUALITY', // understood, and not good enough for a template
  'BAD_IMAGE', // empty, truncated or damaged bytes; a size that contradicts them
  'BAD_RESOLUTION', // none known, or outside what it works with
  'UNSUPPORTED', // a format (or a kind of it) that it does not read
  'TOO_LARGE', // more pixels than it takes
] as const
export type ExtractorReason = (typeof EXTRACTOR_REASONS)[number]

export function isExtractorReason(value: unknown): value is ExtractorReason {
  return (EXTRACTOR_REASONS as readonly unknown[]).includes(value)
}

/** An extractor's failure as the service reports it. @param sentences for the operator, from outside: see `readSentences` */
export function failureFrom(reason: ExtractorReason, sentences: readonly string[]): DomainError {
  const reasons = sentences.length > 0 ? { reasons: sentences } : {}
  switch (reason) {
    case 'NO_FINGER':
      return new DomainError('NO_FINGER', 'a finger', 'an image without one', reasons)
    case 'LOW_QUALITY':
      return new DomainError('QUALITY_TOO_LOW', 'an image that is good enough for a template', 'a worse one', reasons)
    case 'BAD_IMAGE':
      return new DomainError('PARSE_ERROR', 'a whole image of the stated format and size', 'something else', reasons)
    case 'BAD_RESOLUTION':
      return invalid('resolution_dpi', 'a resolution that the extractor works with', 'none, or another')
    case 'UNSUPPORTED':
      return new DomainError('FORMAT_UNSUPPORTED', 'a format that the extractor reads', 'another', reasons)
    case 'TOO_LARGE':
      return new DomainError('LIMIT_EXCEEDED', 'an image of a size that the extractor takes', 'a larger one', reasons)
  }
}

/** The extractor is down, or did not answer: the next call may succeed. */
export function extractorDown(got: string, retryAfterMs: number): DomainError {
  return new DomainError('UNAVAILABLE', 'an extractor that works', got, { retryAfterMs })
}

/** It answered with what nobody can use. The same call would end in the same way. @param what names the part, never its value */
export function unusable(what: string, cause?: unknown): DomainError {
  return new DomainError('UNAVAILABLE', 'an extractor whose answers can be used', `one that sent ${what}`, { cause })
}

/** Sentences from outside, cut to what is shown of them: 16 of 512 characters, without control characters; others are left out. */
export function readSentences(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return []
  return (value as readonly unknown[])
    .slice(0, EXTRACTOR_LIMITS.warningsMax)
    .filter((sentence) => typeof sentence === 'string')
    .map((sentence) => sentence.slice(0, LIMITS.textLengthMax).replace(/\p{Cc}+/gu, ' '))
    .filter((sentence) => sentence.trim() !== '')
}
