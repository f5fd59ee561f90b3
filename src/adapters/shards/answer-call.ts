import type { MessagePort } from 'node:worker_threads'
import { DomainError, type ErrorCode } from '../../domain/errors.js'

/** What is told in place of a reply when a call failed; no code means a bug. */
export interface CallFailure {
  readonly failure: { readonly code: ErrorCode | null; readonly message: string }
}

/** Performs one call and posts its reply, or its failure. */
export async function answerCall<Call extends { readonly call: number }>(
  port: MessagePort,
  call: Call,
  perform: (call: Call) => Promise<object>,
): Promise<void> {
  try {
    port.postMessage({ call: call.call, ...(await perform(call)) })
  } catch (error) {
    port.postMessage({ call: call.call, ...failureOf(error) })
  }
}

export function failureOf(error: unknown): CallFailure {
  if (error instanceof DomainError) return { failure: { code: error.code, message: error.message } }
  return { failure: { code: null, message: error instanceof Error ? error.message : 'unknown' } }
}
