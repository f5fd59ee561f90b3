import { checkAlive, type CallContext } from '../../domain/context.js'
import { DomainError } from '../../domain/errors.js'

/** A timer takes no longer time: about 25 days. */
const TIMER_MS_MAX = 2 ** 31 - 1
/** Timers and the clock differ by a millisecond or two. */
const CLOCK_SLACK_MS = 5

/**
 * The result of `work`, or a rejection as soon as its caller has gone, its deadline has passed, or `timeoutMs` are over.
 * `work` gets a context whose signal aborts in all three cases; what it does after that is dropped.
 * @throws DomainError CANCELLED, DEADLINE_EXCEEDED; UNAVAILABLE after `timeoutMs`; what `work` throws
 */
export async function whileWanted<T>(
  context: CallContext,
  timeoutMs: number,
  work: (context: CallContext) => Promise<T>,
): Promise<T> {
  checkAlive(context)
  const controller = new AbortController()
  const abort = () => controller.abort()
  const deadlineAtMs = Math.min(context.deadlineAtMs, Date.now() + timeoutMs)
  const waitMs = Math.min(Math.max(0, deadlineAtMs - Date.now()), TIMER_MS_MAX)
  const timer = Number.isFinite(deadlineAtMs) ? setTimeout(abort, waitMs) : undefined
  context.signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([
      work({ callId: context.callId, signal: controller.signal, deadlineAtMs }),
      new Promise<never>((_, reject) => {
        controller.signal.addEventListener('abort', () => reject(whyGone(context, deadlineAtMs)), { once: true })
      }),
    ])
  } catch (error) {
    // The transport may notice the attempt's own deadline first.
    const isOurs = error instanceof DomainError && error.code === 'DEADLINE_EXCEEDED'
    throw isOurs && deadlineAtMs < context.deadlineAtMs ? noAnswer() : error
  } finally {
    clearTimeout(timer)
    context.signal.removeEventListener('abort', abort)
  }
}

/** Why the attempt's signal aborted. */
function whyGone(context: CallContext, deadlineAtMs: number): DomainError {
  if (context.signal.aborted && Date.now() < context.deadlineAtMs - CLOCK_SLACK_MS)
    return new DomainError('CANCELLED', 'a waiting caller', 'the call was cancelled')
  if (context.signal.aborted || deadlineAtMs === context.deadlineAtMs)
    return new DomainError('DEADLINE_EXCEEDED', 'an answer before the deadline', 'the deadline passed')
  return noAnswer()
}

/** Without a time to try again at: whoever hangs once is not asked the same twice. */
function noAnswer(): DomainError {
  return new DomainError('UNAVAILABLE', 'an extractor that answers', 'one that did not answer in time')
}
