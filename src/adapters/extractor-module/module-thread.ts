import { Worker } from 'node:worker_threads'
import { DomainError } from '../../domain/errors.js'
import { failureFrom, isExtractorReason, readSentences } from '../../domain/extractor-failures.js'
import type { ModuleReply, Question, ThreadData } from './protocol.js'

export interface ModuleThreadOptions {
  /** Absolute path of the module. */
  readonly path: string
  /** JavaScript objects that the thread may hold, MiB; buffers outside the heap are not counted (see docs/extractors.md). */
  readonly heapMbMax: number
  /** The longest that loading the module may take. */
  readonly startMsMax: number
  /** How long a thread may go on with a call that nobody waits for any more, before it counts as hanging. */
  readonly graceMs: number
}

/** A thread that fell over is started again after this; each further fall in a row doubles it. */
const RESTART_MS = 100
const RESTART_MS_MAX = 30_000

interface Waiting {
  readonly question: Question
  readonly signal: AbortSignal
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: DomainError) => void
}

/**
 * One thread with the module in it, and what follows when it falls over: whoever waits is told, and another thread is
 * started after a pause. It is asked one thing at a time, so that a call which hangs harms no other.
 */
export class ModuleThread {
  readonly #options: ModuleThreadOptions
  #worker: Worker | null = null
  #isReady = false
  #isClosed = false
  /** The call that it works on, or that waits for the thread to be ready. */
  #waiting: Waiting | null = null
  #callCount = 0
  /** Falls since the last answer. */
  #fallCount = 0
  #restartAtMs = 0
  /** Runs while the thread starts, while it is late, and until it is started again. */
  #timer: NodeJS.Timeout | undefined

  constructor(options: ModuleThreadOptions) {
    this.#options = options
    this.#start()
  }

  get isReady(): boolean {
    return this.#isReady
  }

  /** Whether it can be asked; one that starts can, and answers later. */
  get isFree(): boolean {
    return this.#worker !== null && this.#waiting === null
  }

  /** Milliseconds after which one that fell over, or is about to, may be free; 0 for one that works. */
  get restartMs(): number {
    if (this.#worker === null) return Math.max(1, this.#restartAtMs - Date.now())
    return this.#waiting?.signal.aborted === true ? this.#options.graceMs + RESTART_MS : 0
  }

  /**
   * Only when `isFree`.
   * @param signal aborts when the caller has gone: the promise is left as it is, and the thread gets its grace
   * @throws DomainError
   */
  ask(question: Question, signal: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting = { question, signal, resolve, reject }
      signal.addEventListener('abort', this.#abandon, { once: true })
      if (this.#isReady) this.#send(question)
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const worker = this.#worker
    this.#fall('one that was closed')
    clearTimeout(this.#timer)
    await worker?.terminate()
  }

  #start(): void {
    const { path, heapMbMax, startMsMax } = this.#options
    const worker = new Worker(new URL('./thread.js', import.meta.url), {
      workerData: { path } satisfies ThreadData,
      env: withoutOurs(process.env),
      resourceLimits: { maxOldGenerationSizeMb: heapMbMax },
      stdout: true,
      stderr: true,
    })
    // What it prints may hold anything: it goes nowhere.
    worker.stdout.resume()
    worker.stderr.resume()
    worker.unref()
    worker.on('message', (reply: unknown) => {
      if (isReply(reply)) this.#hear(worker, reply)
      else this.#fallOf(worker, 'one that answered nonsense')
    })
    worker.on('messageerror', () => this.#fallOf(worker, 'one that answered nonsense'))
    worker.on('error', (error: NodeJS.ErrnoException) =>
      this.#fallOf(
        worker,
        error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'one that ran out of memory' : 'one that failed',
      ),
    )
    worker.on('exit', () => this.#fallOf(worker, 'one that ended'))
    this.#worker = worker
    this.#after(startMsMax, () => this.#fallOf(worker, 'one that did not start in time'))
  }

  #send(question: Question): void {
    const worker = this.#worker!
    const call = ++this.#callCount
    if (!('image' in question)) {
      worker.postMessage({ ...question, call })
      return
    }
    // A view of a larger buffer would be sent with all of it.
    const bytes = Uint8Array.from(question.image.bytes)
    worker.postMessage({ ...question, image: { ...question.image, bytes }, call }, [bytes.buffer])
  }

  #hear(worker: Worker, reply: ModuleReply): void {
    if (worker !== this.#worker) return
    if ('ready' in reply) {
      clearTimeout(this.#timer)
      this.#isReady = true
      if (this.#waiting !== null) this.#send(this.#waiting.question)
    } else if (reply.call === this.#callCount && this.#waiting !== null) this.#settle(this.#waiting, reply)
  }

  #settle(waiting: Waiting, reply: Exclude<ModuleReply, { ready: true }>): void {
    clearTimeout(this.#timer)
    this.#forget(waiting)
    this.#fallCount = 0
    if ('answer' in reply) waiting.resolve(reply.answer)
    else if ('reason' in reply && isExtractorReason(reply.reason))
      waiting.reject(failureFrom(reply.reason, readSentences(reply.sentences)))
    else waiting.reject(new DomainError('UNAVAILABLE', 'an extractor that works', faultOf(reply)))
  }

  /** Nobody waits any more. A thread cannot be told: it may end the call in a short time, or is ended itself. */
  readonly #abandon = () => {
    const worker = this.#worker
    if (worker === null || this.#waiting === null) return
    if (this.#isReady) this.#after(this.#options.graceMs, () => this.#fallOf(worker, 'one that did not answer in time'))
    else this.#forget(this.#waiting) // it only starts, and is let
  }

  #fallOf(worker: Worker, got: string): void {
    if (worker === this.#worker) this.#fall(got)
  }

  #fall(got: string): void {
    const worker = this.#worker
    this.#worker = null
    this.#isReady = false
    void worker?.terminate()
    const waiting = this.#waiting
    if (waiting !== null) this.#forget(waiting)
    const restartMs = Math.min(RESTART_MS * 2 ** this.#fallCount++, RESTART_MS_MAX)
    this.#restartAtMs = Date.now() + restartMs
    if (!this.#isClosed) this.#after(restartMs, () => this.#start())
    // Without a time to try again at: the same image might bring the next thread down too.
    waiting?.reject(new DomainError('UNAVAILABLE', 'an extractor that works', got))
  }

  #forget({ signal }: Waiting): void {
    this.#waiting = null
    signal.removeEventListener('abort', this.#abandon)
  }

  #after(delayMs: number, then: () => void): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(then, delayMs).unref()
  }
}

/** `thread.ts` says nothing else, but the module can reach the same port. */
function isReply(value: unknown): value is ModuleReply {
  return typeof value === 'object' && value !== null && ('ready' in value || 'call' in value)
}

/** A fault's sentence is the service's own (see `thread.ts`), but it came through a port that the module could reach. */
function faultOf(reply: ModuleReply): string {
  const [sentence] = readSentences(['fault' in reply ? reply.fault : null])
  return sentence ?? 'one that failed'
}

/** The settings of the service are none of a module's business. */
function withoutOurs(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('PORTCULLIS_')))
}
