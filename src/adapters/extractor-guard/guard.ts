import {
  bulkhead,
  BrokenCircuitError,
  BulkheadRejectedError,
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  halfJitterGenerator,
  handleWhen,
  retry,
  wrap,
} from 'cockatiel'
import { DomainError } from '../../domain/errors.js'
import { extractorDown } from '../../domain/extractor-failures.js'

export interface GuardOptions {
  /** Calls that the extractor gets at once. */
  readonly concurrencyMax: number
  /** Calls that wait for their turn; more are told OVERLOADED. */
  readonly queueLengthMax: number
  /** Faults in a row after which it is left alone; Infinity never leaves it alone. */
  readonly faultsMax: number
  /** How long it is left alone at first, less up to a half at random; each failed trial doubles it, up to `restMsMax`. */
  readonly restMs: number
  readonly restMsMax: number
}

/** An extractor that is down costs its callers five waits, then none; one that is up again is noticed within half a minute. */
export const GUARD_DEFAULTS = {
  queueLengthMax: 64,
  faultsMax: 5,
  restMs: 1_000,
  restMsMax: 30_000,
} as const satisfies Omit<GuardOptions, 'concurrencyMax'>

/** Further attempts after UNAVAILABLE; extracting twice does no harm. */
const RETRIES_MAX = 2
/** Their waits double from this, and are cut by up to a half at random, so that callers do not come back together. */
const RETRY_DELAY_MS = 200
const RETRY_DELAY_MS_MAX = 1_000
/** No answer for so long is the extractor's fault, not that of a caller in a hurry. */
const SLOW_MS = 1_000
const OVERLOADED_RETRY_MS = 1_000

/** What an attempt came to, as far as the policies see it: a refusal shows an extractor that works. */
type Outcome<T> = { readonly value: T } | { readonly refusal: DomainError }

/**
 * Stands before an extractor that may fail: `queue → retry → circuit breaker → attempt`. One guard for each extractor.
 * An `attempt` must end in bounded time, and at once when its caller has gone.
 * @throws DomainError OVERLOADED when the queue is full, UNAVAILABLE while the extractor is left alone, and what the attempt throws
 */
export function makeGuard(options: GuardOptions): <T>(attempt: () => Promise<T>) => Promise<T> {
  const { concurrencyMax, queueLengthMax, faultsMax, restMs, restMsMax } = options
  const backoff = (initialDelay: number, maxDelay: number) =>
    new ExponentialBackoff({ generator: halfJitterGenerator, initialDelay, maxDelay })
  const turns = bulkhead(concurrencyMax, queueLengthMax)
  const policy = wrap(
    retry(handleWhen(isWorthRetrying), {
      maxAttempts: RETRIES_MAX,
      backoff: backoff(RETRY_DELAY_MS, RETRY_DELAY_MS_MAX),
    }),
    circuitBreaker(handleWhen(isFault), {
      halfOpenAfter: backoff(restMs, restMsMax),
      breaker: new ConsecutiveBreaker(faultsMax),
    }),
  )
  // No signal is given to the queue: it would take an aborted call out without starting the one behind it (cockatiel 3.2.1).
  return async <T>(attempt: () => Promise<T>): Promise<T> => {
    const outcome = await turns
      .execute(() => policy.execute(() => outcomeOf(attempt)))
      .catch((error: unknown) => {
        throw told(error, restMs)
      })
    if ('refusal' in outcome) throw outcome.refusal
    return outcome.value
  }
}

async function outcomeOf<T>(attempt: () => Promise<T>): Promise<Outcome<T>> {
  const startedAtMs = performance.now()
  try {
    return { value: await attempt() }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    if (error.code === 'DEADLINE_EXCEEDED' && performance.now() - startedAtMs >= SLOW_MS) throw new SlowError(error)
    if (NO_ANSWER.has(error.code)) throw error
    return { refusal: error }
  }
}

/** Codes that say nothing, or nothing good, of the extractor. */
const NO_ANSWER: ReadonlySet<string> = new Set(['UNAVAILABLE', 'OVERLOADED', 'DEADLINE_EXCEEDED', 'CANCELLED'])

/** A deadline that passed because the extractor hangs. */
class SlowError extends Error {
  constructor(readonly told: DomainError) {
    super(told.message)
  }
}

function isFault(error: unknown): boolean {
  return error instanceof SlowError || (error instanceof DomainError && error.code === 'UNAVAILABLE')
}

/** An answer that cannot be used has no `retryAfterMs`: it would be the same again. */
function isWorthRetrying(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'UNAVAILABLE' && error.retryAfterMs !== undefined
}

/** What the caller is told of a policy's own errors. */
function told(error: unknown, restMs: number): unknown {
  if (error instanceof SlowError) return error.told
  if (error instanceof BrokenCircuitError)
    return extractorDown('one that failed several times in a row and is left alone for a while', restMs)
  if (error instanceof BulkheadRejectedError)
    return new DomainError('OVERLOADED', 'an extractor with a short queue', 'a full queue', {
      retryAfterMs: OVERLOADED_RETRY_MS,
    })
  return error
}
