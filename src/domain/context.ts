import { DomainError } from './errors.js'

/** What accompanies one call through all floors. */
export interface CallContext {
  /** Made by the service for each call; the only thing that logs and errors may correlate by. */
  readonly callId: string
  /** Aborts when the caller cancels, hangs up, or the deadline passes. */
  readonly signal: AbortSignal
  /** Epoch milliseconds by which the answer must be out; Infinity when the caller set none. */
  readonly deadlineAtMs: number
}

/** @throws DomainError DEADLINE_EXCEEDED or CANCELLED when nobody waits for the answer any more */
export function checkAlive(context: CallContext): void {
  if (Date.now() > context.deadlineAtMs)
    throw new DomainError('DEADLINE_EXCEEDED', 'an answer before the deadline', 'the deadline passed')
  if (context.signal.aborted) throw new DomainError('CANCELLED', 'a waiting caller', 'the call was cancelled')
}

/** A context for work that no caller waits for (start-up, commands, benchmarks). */
export function backgroundContext(callId: string): CallContext {
  return { callId, signal: new AbortController().signal, deadlineAtMs: Infinity }
}
