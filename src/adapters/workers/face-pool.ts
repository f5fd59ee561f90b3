import { Piscina } from 'piscina'
import type { AnalysisRequest, FaceAnalysis } from '../../domain/analysis.js'
import { checkAlive, type CallContext } from '../../domain/context.js'
import { DomainError } from '../../domain/errors.js'
import type { FaceAlgorithm } from '../../domain/models.js'
import type { FaceAnalyser } from '../../domain/ports.js'
import { openAnswer, type FaceTask, type FaceTaskAnswer, type FaceWorkerTask } from './face-task.js'

export interface FacePoolOptions {
  /** URL of the worker's entry, a module whose default export answers a FaceTask. */
  readonly entry: URL
  /** Handed to each worker. */
  readonly workerData: unknown
  readonly algorithm: FaceAlgorithm
  readonly workerCount: number
  /** Images that may wait for a worker; one more is refused with OVERLOADED. */
  readonly queueLengthMax: number
}

/** Workers yield to the thread that does the I/O: a health check must not wait for an image. Nice levels, 0 to 19. */
const WORKER_NICENESS = 5
/** A queue of typical length is worked off in about this time. */
const RETRY_AFTER_MS = 500

/** The face pipeline over worker threads, one image in each at a time. */
export class PooledFaceAnalyser implements FaceAnalyser {
  readonly algorithm: FaceAlgorithm
  readonly #pool: Piscina<FaceWorkerTask, FaceTaskAnswer>

  private constructor(options: FacePoolOptions, pool: Piscina<FaceWorkerTask, FaceTaskAnswer>) {
    this.algorithm = options.algorithm
    this.#pool = pool
  }

  /** Starts the workers and waits until one has loaded its models. @throws what its start threw */
  static async open(options: FacePoolOptions): Promise<PooledFaceAnalyser> {
    const pool = new Piscina<FaceWorkerTask, FaceTaskAnswer>({
      filename: options.entry.href,
      workerData: options.workerData,
      minThreads: options.workerCount,
      maxThreads: options.workerCount,
      maxQueue: options.queueLengthMax,
      niceIncrement: WORKER_NICENESS,
    })
    const failed = new Promise<never>((_, reject) => pool.once('error', reject))
    await Promise.race([pool.run({ ready: true }), failed])
    return new PooledFaceAnalyser(options, pool)
  }

  async analyse(request: AnalysisRequest, context: CallContext): Promise<FaceAnalysis> {
    checkAlive(context)
    const cancelled = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
    const cancel = () => void Atomics.store(new Int32Array(cancelled), 0, 1)
    context.signal.addEventListener('abort', cancel, { once: true })
    try {
      const { callId, deadlineAtMs } = context
      return openAnswer(await this.#run({ request, callId, deadlineAtMs, cancelled }))
    } finally {
      context.signal.removeEventListener('abort', cancel)
    }
  }

  async close(): Promise<void> {
    // Never destroy(): it terminates threads in the middle of native code.
    await this.#pool.close()
  }

  async #run(task: FaceTask): Promise<FaceTaskAnswer> {
    try {
      return await this.#pool.run(task)
    } catch (error) {
      if (error instanceof Error && error.message === 'Task queue is at limit')
        throw new DomainError('OVERLOADED', 'a free place in the queue', 'a full queue', {
          retryAfterMs: RETRY_AFTER_MS,
        })
      throw error
    }
  }
}
