import type { AnalysisRequest, FaceAnalysis } from '../../domain/analysis.js'
import type { CallContext } from '../../domain/context.js'
import { DomainError, type ErrorCode } from '../../domain/errors.js'
import type { FaceAnalyser } from '../../domain/ports.js'

/** One image on its way to a worker thread. */
export interface FaceTask {
  readonly request: AnalysisRequest
  readonly callId: string
  readonly deadlineAtMs: number
  /** One int32 shared with the pool: not 0 once nobody waits any more. */
  readonly cancelled: SharedArrayBuffer
}

/** `ready` only asks whether the worker has started. */
export type FaceWorkerTask = FaceTask | { readonly ready: true }

/** A DomainError as data: error objects lose their class and fields between threads. */
export interface PostedError {
  readonly code: ErrorCode
  readonly expected: string
  readonly got: string
}

export type FaceTaskAnswer =
  { readonly analysis: FaceAnalysis } | { readonly error: PostedError } | { readonly ready: true }

/** The worker's side: runs the pipeline and turns expected failures into data. Bugs are thrown, and reported as such. */
export async function answerFaceTask(analyser: FaceAnalyser, task: FaceWorkerTask): Promise<FaceTaskAnswer> {
  if ('ready' in task) return task
  try {
    return { analysis: await analyser.analyse(task.request, contextOf(task)) }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return { error: { code: error.code, expected: error.expected, got: error.got } }
  }
}

/** The pool's side: gives the analysis, or throws what the worker caught. */
export function openAnswer(answer: FaceTaskAnswer): FaceAnalysis {
  if ('analysis' in answer) return answer.analysis
  if (!('error' in answer)) throw new Error('a face worker gave no answer')
  throw new DomainError(answer.error.code, answer.error.expected, answer.error.got)
}

function contextOf({ callId, deadlineAtMs, cancelled }: FaceTask): CallContext {
  const flag = new Int32Array(cancelled)
  const signal = new AbortController().signal
  // Messages do not arrive while a worker computes; the shared flag is seen at once, between two stages.
  Object.defineProperty(signal, 'aborted', { get: () => Atomics.load(flag, 0) !== 0 })
  return { callId, deadlineAtMs, signal }
}
