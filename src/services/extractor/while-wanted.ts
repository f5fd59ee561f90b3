import { checkAlive, type CallContext } from '../../domain/context.js'
import { extractorDown } from '../../domain/extractor-failures.js'

/** A timer takes no longer time: about 25 days. */
const TIMER_MS_MAX = 2 ** 31 - 1
const RETRY_AFTER_MS = 1_000

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
        controller.signal.addEventListener('abort', () => reject(whyGone(context)), { once: true })
      }),
    ])
  } finally {
    clearTimeout(timer)
    context.signal.removeEventListener('abort', abort)
  }
}

function whyGone(context: CallContext): Error {
  try {
    // A timer may fire in the millisecond of the deadline itself.
    checkAlive({ ...context, deadlineAtMs: context.deadlineAtMs - 1 })
  } catch (error) {
    return error as Error
  }
  return extractorDown('one that did not answer in time', RETRY_AFTER_MS)
}
