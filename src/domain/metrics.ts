import type { ErrorCode, RefusalCode } from './errors.js'
import type { IndexStatus, SearchMode } from './search.js'

/**
 * What operators watch. Two kinds of figures: events, which are told to `Metrics` as they happen, and the `ServiceState`, which is
 * read when somebody looks.
 *
 * Nothing here names a person, a gallery or a call: every value that becomes a label is one of a fixed few.
 */
export interface Metrics {
  called(call: MeasuredCall): void
  searched(search: MeasuredSearch): void
  enrolled(enrolment: MeasuredEnrolment): void
}

/** Metrics that nobody looks at. */
export const NO_METRICS: Metrics = {
  called: () => undefined,
  searched: () => undefined,
  enrolled: () => undefined,
}

/** One gRPC call, stream or not, that has ended. */
export interface MeasuredCall {
  /** "/portcullis.v1.IdentificationService/Identify"; always the path of a method that is served. */
  readonly method: string
  /** Name of the gRPC status: "OK", "NOT_FOUND", … */
  readonly status: string
  readonly durationMs: number
}

/** Why something failed; INTERNAL is a bug. */
export type FailureReason = ErrorCode | 'INTERNAL'

/** One probe of 1:N; each probe of a batch is one. */
export type MeasuredSearch =
  | {
      readonly outcome: 'no-candidate' | 'refer-for-review'
      readonly mode: SearchMode
      /** Of the stage `search` alone: the image has been analysed before. */
      readonly durationMs: number
      /** Comparison scores computed on stored float32 features. */
      readonly comparedCount: number
      /** References that the answer covers. */
      readonly coveredCount: number
    }
  | { readonly outcome: 'inconclusive' } // nobody was searched
  | { readonly outcome: 'failed'; readonly reason: FailureReason }

/** One encounter that was to be enrolled, with its subject or added to it; `replayed` repeats an answer that was given before. */
export type MeasuredEnrolment =
  | { readonly outcome: 'enrolled' | 'replayed' }
  | { readonly outcome: 'refused'; readonly reason: RefusalCode }
  | { readonly outcome: 'failed'; readonly reason: FailureReason }

/** Images in the hands of the workers. */
export interface AnalysisLoad {
  readonly workingCount: number
  /** Accepted, and not with a worker yet. */
  readonly waitingCount: number
  /** Of both together; one more is refused with OVERLOADED. */
  readonly countMax: number
}

/** How the service is at one moment. */
export interface ServiceState {
  readonly index: IndexStatus
  readonly analysis: AnalysisLoad
  /** The space that is searched, and all models that have a part in it: "<id>@<sha256 prefix>". */
  readonly algorithm: string
  readonly modelIds: readonly string[]
  readonly nowMs: number
}
