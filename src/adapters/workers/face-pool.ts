import { Piscina } from 'piscina'
import type { AnalysisRequest, FaceAnalysis } from '../../domain/analysis.js'
import { checkAlive, type CallContext } from '../../domain/context.js'
import { DomainError } from '../../domain/errors.js'
import type { AnalysisLoad } from '../../domain/metrics.js'
import type { FaceAlgorithm } from '../../domain/models.js'
import type { FaceAnalyser } from '../../domain/ports.js'
import { openAnswer, openReadyAnswer, type FaceTaskAnswer, type FaceWorkerTask } from './face-task.js'
import { whileAlive } from './while-alive.js'

export interface FacePoolOptions {
  /** URL of the worker's entry, a module whose default export answers a FaceTask. */
  readonly entry: URL
  /** Handed to each worker. */
  readonly workerData: unknown
  readonly algorithm: FaceAlgorithm
  readonly workerCount: number
  /** Images that may wait for a worker; one more is refused with OVERLOADED. */
  readonly queueLengthMax: number
  /** Told of an idle worker that died; it is replaced. (What a busy worker dies of reaches its caller.) */
  readonly onWorkerLost?: (cause: unknown) => void
}

/** Workers yield to the thread that does the I/O: a health check must not wait for an image. Nice levels, 0 to 19. */
const WORKER_NICENESS = 5
const TASKS_PER_WORKER = 2
/** A queue of typical length is worked off in about this time. */
const RETRY_AFTER_MS = 500

type Pool = Piscina<FaceWorkerTask, FaceTaskAnswer>

/** The face pipeline over worker threads, one image in each at a time. */
export class PooledFaceAnalyser implements FaceAnalyser {
  readonly algorithm: FaceAlgorithm
  readonly #pool: Pool
  /** Images that may be in work or wait. */
  readonly #capacity: number
  /** What the workers have not answered yet, also where the caller has gone. */
  readonly #tasks = new Set<Promise<FaceTaskAnswer>>()
  #closed = false

  private constructor(options: FacePoolOptions, pool: Pool) {
    this.algorithm = options.algorithm
    this.#pool = pool
    this.#capacity = options.workerCount + options.queueLengthMax
  }

  /** Starts the workers and waits until all have loaded their models. @throws what the start of one threw */
  static async open(options: FacePoolOptions): Promise<PooledFaceAnalyser> {
    const pool: Pool = new Piscina<FaceWorkerTask, FaceTaskAnswer>({
      filename: options.entry.href,
      workerData: options.workerData,
      minThreads: options.workerCount,
      maxThreads: options.workerCount,
      // While one image is decoded (libvips' own threads), the worker has another one to compute on.
      concurrentTasksPerWorker: TASKS_PER_WORKER,
      // Waiting for a task with Atomics would stop the thread, and with it the other image that it has in work.
      atomics: 'disabled',
      niceIncrement: WORKER_NICENESS,
    })
    // Without a listener the loss of a worker would end the process.
    pool.on('error', (cause) => options.onWorkerLost?.(cause))
    // As many questions as workers: each gets one.
    const starts = Array.from({ length: options.workerCount }, async () =>
      openReadyAnswer(await pool.run({ ready: true })),
    )
    const failed = (await Promise.allSettled(starts)).find((start) => start.status === 'rejected')
    if (failed !== undefined) {
      await pool.close()
      throw failed.reason
    }
    return new PooledFaceAnalyser(options, pool)
  }

  get load(): AnalysisLoad {
    const waitingCount = this.#pool.queueSize
    return { workingCount: this.#tasks.size - waitingCount, waitingCount, countMax: this.#capacity }
  }

  /** Rejects as soon as the caller has gone; the worker stops at the end of the stage that it is in. */
  async analyse(request: AnalysisRequest, context: CallContext): Promise<FaceAnalysis> {
    checkAlive(context)
    if (this.#closed) throw new DomainError('UNAVAILABLE', 'running face workers', 'stopped ones')
    if (this.#tasks.size >= this.#capacity)
      throw new DomainError('OVERLOADED', 'a free place in the queue', 'a full queue', { retryAfterMs: RETRY_AFTER_MS })
    const { callId, deadlineAtMs } = context
    const cancelled = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
    const cancel = () => void Atomics.store(new Int32Array(cancelled), 0, 1)
    return openAnswer(await whileAlive(context, cancel, this.#run({ request, callId, deadlineAtMs, cancelled })))
  }

  /** Refuses new images, waits for the accepted ones and ends the threads. */
  async close(): Promise<void> {
    this.#closed = true
    // The pool's own close() ends threads that are in the middle of native code when several are busy (Piscina 5.3.2).
    await Promise.allSettled(this.#tasks)
    await this.#pool.close()
  }

  #run(task: FaceWorkerTask): Promise<FaceTaskAnswer> {
    const answer = this.#pool.run(task)
    this.#tasks.add(answer)
    const forget = () => void this.#tasks.delete(answer)
    answer.then(forget, forget)
    return answer
  }
}
