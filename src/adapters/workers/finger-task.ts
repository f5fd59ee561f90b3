import type { CallContext } from '../../domain/context.js'
import { DomainError, type ErrorCode } from '../../domain/errors.js'
import type { FingerExtractor, FingerImage } from '../../domain/extractor.js'

/** One image on its way to a worker thread, and what is wanted of it. */
export interface FingerTask {
  readonly call: 'extract' | 'quality'
  readonly image: FingerImage
  readonly callId: string
  readonly deadlineAtMs: number
  /** One int32 shared with the pool: not 0 once nobody waits any more. */
  readonly cancelled: SharedArrayBuffer
}

/** A DomainError as data: error objects lose their class and fields between threads. */
interface PostedError {
  readonly code: ErrorCode
  readonly expected: string
  readonly got: string
  readonly field: string | undefined
  readonly reasons: readonly string[]
}

export type FingerTaskAnswer = { readonly value: unknown } | { readonly error: PostedError }

/** The worker's side: extracts, and turns expected failures into data. Bugs are thrown, and reported as such. */
export async function answerFingerTask(extractor: FingerExtractor, task: FingerTask): Promise<FingerTaskAnswer> {
  try {
    return { value: await extractor[task.call](task.image, contextOf(task)) }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    const { code, expected, got, field, reasons } = error
    return { error: { code, expected, got, field, reasons } }
  }
}

/** The pool's side: gives what the worker's extractor gave, or throws what it threw. */
export function openFingerAnswer(answer: FingerTaskAnswer): unknown {
  if ('value' in answer) return answer.value
  const { code, expected, got, field, reasons } = answer.error
  throw new DomainError(code, expected, got, field === undefined ? { reasons } : { field, reasons })
}

function contextOf({ callId, deadlineAtMs, cancelled }: FingerTask): CallContext {
  const flag = new Int32Array(cancelled)
  const signal = new AbortController().signal
  // Messages do not arrive while a worker computes; the shared flag is seen at once, between two stages.
  Object.defineProperty(signal, 'aborted', { get: () => Atomics.load(flag, 0) !== 0 })
  return { callId, deadlineAtMs, signal }
}
