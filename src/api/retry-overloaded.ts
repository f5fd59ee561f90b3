import { setTimeout as sleep } from 'node:timers/promises'
import type { CallContext } from '../domain/context.js'
import { DomainError } from '../domain/errors.js'

/**
 * Waits before an item of a stream is tried again: they grow from the first to the longest, and after so many
 * attempts (about a minute) the overload is the item's answer after all.
 */
export const OVERLOAD_RETRY = { firstMs: 20, longestMs: 1_000, attemptsMax: 64 } as const

/**
 * Works on an item of a stream, again while the service is overloaded. A single caller is told to come back; the
 * items of a stream wait here instead, where flow control already holds back the next ones.
 * @throws whatever `work` throws; OVERLOADED only after the last attempt; AbortError when the call ends meanwhile
 */
export async function untilNotOverloaded<T>(work: () => Promise<T>, context: CallContext): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      const overloaded = error instanceof DomainError && error.code === 'OVERLOADED'
      if (!overloaded || attempt === OVERLOAD_RETRY.attemptsMax) throw error
      await sleep(waitMs(attempt, error.retryAfterMs), undefined, { signal: context.signal })
    }
  }
}

/** Doubles with each attempt; at least what the overloaded part asks for, never more than the longest. */
function waitMs(attempt: number, retryAfterMs = 0): number {
  const grownMs = OVERLOAD_RETRY.firstMs * 2 ** Math.min(attempt - 1, 10)
  return Math.min(Math.max(grownMs, retryAfterMs), OVERLOAD_RETRY.longestMs)
}
