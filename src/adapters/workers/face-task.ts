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

/**
 * The worker's side: runs the pipeline and turns expected failures into data. Bugs are thrown, and reported as such.
 * @param started the worker's own start; when it failed, each task is told why
 */
export async function answerFaceTask(started: Promise<FaceAnalyser>, task: FaceWorkerTask): Promise<FaceTaskAnswer> {
  try {
    const analyser = await started
    return 'ready' in task ? task : { analysis: await analyser.analyse(task.request, contextOf(task)) }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return { error: { code: error.code, expected: error.expected, got: error.got } }
  }
}

/** The pool's side: gives the analysis, or throws what the worker caught. */
export function openAnswer(answer: FaceTaskAnswer): FaceAnalysis {
  if ('error' in answer) throw posted(answer.error)
  if (!('analysis' in answer)) throw new Error('a face worker gave no analysis')
  return answer.analysis
}

/** Throws why the worker could not start, if so. */
export function openReadyAnswer(answer: FaceTaskAnswer): void {
  if ('error' in answer) throw posted(answer.error)
}

function posted({ code, expected, got }: PostedError): DomainError {
  return new DomainError(code, expected, got)
}

function contextOf({ callId, deadlineAtMs, cancelled }: FaceTask): CallContext {
  const flag = new Int32Array(cancelled)
  const signal = new AbortController().signal
  // Messages do not arrive while a worker computes; the shared flag is seen at once, between two stages.
  Object.defineProperty(signal, 'aborted', { get: () => Atomics.load(flag, 0) !== 0 })
  return { callId, deadlineAtMs, signal }
}
