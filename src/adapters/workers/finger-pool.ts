import { Piscina } from 'piscina'
import { checkAlive, type CallContext } from '../../domain/context.js'
import { DomainError } from '../../domain/errors.js'
import type { ExtractedFinger, ExtractorDescription, FingerExtractor, FingerImage } from '../../domain/extractor.js'
import { openFingerAnswer, type FingerTask, type FingerTaskAnswer } from './finger-task.js'
import { whileAlive } from './while-alive.js'

export interface FingerPoolOptions {
  /** URL of the worker's entry, a module whose default export answers a FingerTask. */
  readonly entry: URL
  readonly description: ExtractorDescription
  readonly workerCount: number
  /** Images that may wait for a worker; one more is refused with OVERLOADED. */
  readonly queueLengthMax: number
  /** Told of an idle worker that died; it is replaced. (What a busy worker dies of reaches its caller.) */
  readonly onWorkerLost?: (cause: unknown) => void
}

/** Workers yield to the thread that does the I/O. Nice levels, 0 to 19. */
const WORKER_NICENESS = 5
/** A worker that has nothing to do for this long ends: many services see faces only. */
const IDLE_MS_MAX = 60_000
/** A queue of typical length is worked off in about this time. */
const RETRY_AFTER_MS = 500

/** An extractor over worker threads, one image in each at a time. Threads start when the first image comes. */
export class PooledFingerExtractor implements FingerExtractor {
  readonly #options: FingerPoolOptions
  readonly #pool: Piscina<FingerTask, FingerTaskAnswer>
  /** What the workers have not answered yet, also where the caller has gone. */
  readonly #tasks = new Set<Promise<FingerTaskAnswer>>()
  #closed = false

  constructor(options: FingerPoolOptions) {
    this.#options = options
    this.#pool = new Piscina<FingerTask, FingerTaskAnswer>({
      filename: options.entry.href,
      minThreads: 0,
      maxThreads: options.workerCount,
      idleTimeout: IDLE_MS_MAX,
      niceIncrement: WORKER_NICENESS,
    })
    // Without a listener the loss of a worker would end the process.
    this.#pool.on('error', (cause) => options.onWorkerLost?.(cause))
  }

  async describe(): Promise<ExtractorDescription> {
    return this.#options.description
  }

  async quality(image: FingerImage, context: CallContext) {
    return (await this.#ask('quality', image, context)) as Awaited<ReturnType<FingerExtractor['quality']>>
  }

  async extract(image: FingerImage, context: CallContext): Promise<ExtractedFinger> {
    return (await this.#ask('extract', image, context)) as ExtractedFinger
  }

  async health(): Promise<void> {
    this.#checkOpen()
  }

  /** Refuses new images, waits for the accepted ones and ends the threads. */
  async close(): Promise<void> {
    this.#closed = true
    // The pool's own close() ends threads that are in the middle of native code when several are busy (Piscina 5.3.2).
    await Promise.allSettled(this.#tasks)
    await this.#pool.close()
  }

  /** Rejects as soon as the caller has gone; the worker stops at the end of the stage that it is in. */
  async #ask(call: FingerTask['call'], image: FingerImage, context: CallContext): Promise<unknown> {
    checkAlive(context)
    this.#checkOpen()
    if (this.#tasks.size >= this.#options.workerCount + this.#options.queueLengthMax)
      throw new DomainError('OVERLOADED', 'a free place in the queue', 'a full queue', { retryAfterMs: RETRY_AFTER_MS })
    const { callId, deadlineAtMs } = context
    const cancelled = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
    const cancel = () => void Atomics.store(new Int32Array(cancelled), 0, 1)
    return openFingerAnswer(
      await whileAlive(context, cancel, this.#run({ call, image, callId, deadlineAtMs, cancelled })),
    )
  }

  #checkOpen(): void {
    if (this.#closed) throw new DomainError('UNAVAILABLE', 'running extractor threads', 'stopped ones')
  }

  #run(task: FingerTask): Promise<FingerTaskAnswer> {
    const answer = this.#pool.run(task)
    this.#tasks.add(answer)
    const forget = () => void this.#tasks.delete(answer)
    answer.then(forget, forget)
    return answer
  }
}
