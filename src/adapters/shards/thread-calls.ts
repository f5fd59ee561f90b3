import { Worker } from 'node:worker_threads'
import { DomainError } from '../../domain/errors.js'
import type { CallFailure } from './answer-call.js'

export interface ThreadOptions {
  /** URL of the thread's entry, which serves the calls. */
  readonly entry: URL
  /** Calls wait and none is answered for so long: the thread hangs. It is ended, and a new one started empty. */
  readonly silenceMsMax: number
  /** What the thread is given at its start; plain data. */
  readonly workerData?: unknown
}

interface Waiting<Reply> {
  readonly resolve: (reply: Reply) => void
  readonly reject: (error: DomainError) => void
}

/** Calls that may wait for one thread. */
const WAITING_MAX = 1_000
const RETRY_AFTER_MS = 1_000

/**
 * Calls to a thread that holds state, and their replies. It runs JavaScript and WebAssembly only, no native package, so it
 * may be ended at any moment. When the thread fails or hangs, everything that waits gets UNAVAILABLE: calls go on failing until
 * `start` puts a new and empty one in its place.
 */
export class ThreadCalls<Body extends object, Reply extends object> {
  readonly #options: ThreadOptions
  readonly #waiting = new Map<number, Waiting<Reply>>()
  #worker: Worker | null = null
  /** Runs while calls wait; every reply winds it up again. */
  #silence: NodeJS.Timeout | undefined
  #callCount = 0

  constructor(options: ThreadOptions) {
    this.#options = options
  }

  /** Does nothing while the thread stands. */
  start(): void {
    if (this.#worker !== null) return
    const worker = new Worker(this.#options.entry, { workerData: this.#options.workerData })
    worker.unref()
    worker.on('message', (reply: { readonly call: number } & (Reply | CallFailure)) => this.#settle(worker, reply))
    worker.on('error', () => this.#fail(worker, 'one that failed'))
    worker.on('exit', () => this.#fail(worker, 'one that ended'))
    this.#worker = worker
  }

  call(body: Body, transfer: readonly ArrayBuffer[] = []): Promise<Reply> {
    const worker = this.#worker
    if (worker === null) return Promise.reject(unavailable('one that failed'))
    if (this.#waiting.size >= WAITING_MAX)
      return Promise.reject(
        new DomainError('OVERLOADED', 'a shard with a short queue', 'a full queue', { retryAfterMs: RETRY_AFTER_MS }),
      )
    const call = ++this.#callCount
    return new Promise((resolve, reject) => {
      const { silenceMsMax } = this.#options
      this.#silence ??= setTimeout(() => this.#fail(worker, 'one that did not answer in time'), silenceMsMax)
      this.#waiting.set(call, { resolve, reject })
      worker.postMessage({ call, ...body }, transfer)
    })
  }

  /** Ends the thread once it has answered `last`, or has been silent for too long. */
  async close(last: Body): Promise<void> {
    const worker = this.#worker
    if (worker === null) return
    await this.call(last).catch(() => undefined)
    this.#fail(worker, 'one that was closed')
    await worker.terminate()
  }

  #settle(worker: Worker, reply: { readonly call: number } & (Reply | CallFailure)): void {
    const waiting = this.#waiting.get(reply.call)
    if (waiting === undefined) return
    this.#waiting.delete(reply.call)
    this.#silence?.refresh()
    if (this.#waiting.size === 0) this.#stopWatch()
    if (!('failure' in reply)) waiting.resolve(reply)
    else {
      waiting.reject(unavailable('one that failed'))
      // After a failed change nobody knows what it holds.
      this.#fail(worker, 'one that failed')
    }
  }

  /** Ends the thread; whoever waits is told, and the next `start` starts another. */
  #fail(worker: Worker, got: string): void {
    if (worker !== this.#worker) return
    this.#worker = null
    this.#stopWatch()
    void worker.terminate()
    for (const { reject } of this.#waiting.values()) reject(unavailable(got))
    this.#waiting.clear()
  }

  #stopWatch(): void {
    clearTimeout(this.#silence)
    this.#silence = undefined
  }
}

function unavailable(got: string): DomainError {
  return new DomainError('UNAVAILABLE', 'every shard of the index to answer', got, { retryAfterMs: RETRY_AFTER_MS })
}
