/**
 * Every expected failure, by name. `api/status.ts` gives each one its gRPC status, `cli` its sentence.
 *
 * A *refusal* (NO_FACE, MULTIPLE_FACES, QUALITY_TOO_LOW) says that the input was understood and is not good enough:
 * it is an error at enrolment and a result at identification. Everything else is a failure of the request or the service.
 */
export type ErrorCode =
  | 'INVALID_ARGUMENT' // a field holds an illegal value; `field` names it
  | 'PARSE_ERROR' // bytes that claim a format and do not hold it (truncated, corrupted)
  | 'FORMAT_UNSUPPORTED' // bytes of a format that is not read here
  | 'LIMIT_EXCEEDED' // too many bytes, pixels or items
  | 'REQUEST_ID_REUSED' // the same request_id with other content
  | 'NO_FACE'
  | 'NO_FINGER'
  | 'MULTIPLE_FACES'
  | 'QUALITY_TOO_LOW'
  | 'MODEL_MISMATCH' // templates of different spaces
  | 'MODEL_NOT_INSTALLED'
  | 'NOT_CALIBRATED' // an error rate was asked for, and the space has no calibration that could promise it
  | 'SUBJECT_NOT_FOUND'
  | 'ENCOUNTER_NOT_FOUND'
  | 'GALLERY_NOT_FOUND'
  | 'SEARCH_NOT_FOUND' // it referred nobody, or is too old for an outcome
  | 'SUBJECT_EXISTS'
  | 'ENCOUNTER_EXISTS'
  | 'GALLERY_EXISTS'
  | 'GALLERY_NOT_EMPTY'
  | 'OUTCOME_CONFLICT' // an outcome that contradicts the one reported before
  | 'OVERLOADED' // a queue is full; `retryAfterMs` says when to try again
  | 'UNAVAILABLE' // starting, stopping, or a part of the service is down
  | 'DEADLINE_EXCEEDED'
  | 'CANCELLED'

/** The codes that mean "understood, not good enough". */
export type RefusalCode = Extract<ErrorCode, 'NO_FACE' | 'NO_FINGER' | 'MULTIPLE_FACES' | 'QUALITY_TOO_LOW'>

export interface DomainErrorDetails {
  /** The request's field, as a path of proto field names ("policy.minimum_quality"). */
  readonly field?: string
  /** Sentences for a person, the worst first; never biometric data, names or identifiers. */
  readonly reasons?: readonly string[]
  readonly retryAfterMs?: number
  readonly cause?: unknown
}

/**
 * An expected failure: what was expected, and what was found instead.
 *
 * Neither text may hold biometric data, a name or an identifier: both go to logs and to callers.
 * Anything thrown that is not a DomainError is a bug, and leaves the service as "internal error" with a request id.
 */
export class DomainError extends Error {
  readonly code: ErrorCode
  readonly expected: string
  readonly got: string
  readonly field: string | undefined
  readonly reasons: readonly string[]
  readonly retryAfterMs: number | undefined

  constructor(code: ErrorCode, expected: string, got: string, details: DomainErrorDetails = {}) {
    super(`expected ${expected}, got ${got}`, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'DomainError'
    this.code = code
    this.expected = expected
    this.got = got
    this.field = details.field
    this.reasons = details.reasons ?? []
    this.retryAfterMs = details.retryAfterMs
  }
}

/** INVALID_ARGUMENT on one field. */
export function invalid(field: string, expected: string, got: string): DomainError {
  return new DomainError('INVALID_ARGUMENT', expected, got, { field })
}

/** What `work` returns, or the DomainError that it throws; a bug goes on flying. */
export function orDomainError<T>(work: () => T): T | DomainError {
  try {
    return work()
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
}
