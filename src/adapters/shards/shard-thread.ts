import { Worker } from 'node:worker_threads'
import { DomainError } from '../../domain/errors.js'
import type { IndexedReference, Quantiser, Shard, ShardAnswer, ShardQuery, ShardStatus } from '../../domain/search.js'
import { packRows, type ShardCall, type ShardReply } from './protocol.js'

export interface ShardThreadOptions {
  /** URL of the thread's entry, which calls `serveShard`. */
  readonly entry: URL
  /** Calls wait and none is answered for so long: the thread hangs. It is ended, and a new one started empty. */
  readonly silenceMsMax: number
}

type Body<T> = T extends unknown ? Omit<T, 'call'> : never

interface Waiting {
  readonly resolve: (reply: ShardReply) => void
  readonly reject: (error: DomainError) => void
}

/** Calls that may wait for one shard. */
const WAITING_MAX = 1_000
const RETRY_AFTER_MS = 1_000

/**
 * A shard in a thread of its own. It runs JavaScript and WebAssembly only, no native package, so it may be ended at any
 * moment. When the thread fails or hangs, everything that waits gets UNAVAILABLE, and a new and empty one takes its place: calls go
 * on failing until `open` is called again.
 */
export class ShardThread implements Shard {
  readonly #options: ShardThreadOptions
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | null = null
  /** Runs while calls wait; every reply winds it up again. */
  #silence: NodeJS.Timeout | undefined
  #callCount = 0

  constructor(options: ShardThreadOptions) {
    this.#options = options
  }

  async open(featureCount: number, quantiser: Quantiser): Promise<ShardStatus> {
    this.#worker ??= this.#start()
    return this.#change({ kind: 'open', featureCount, quantiser })
  }

  async add(rows: readonly IndexedReference[]): Promise<ShardStatus> {
    const packed = packRows(rows)
    return this.#change({ kind: 'add', ...packed }, [
      packed.referenceIds.buffer,
      packed.tags.buffer,
      packed.features.buffer,
    ])
  }

  async remove(referenceIds: readonly number[]): Promise<ShardStatus> {
    return this.#change({ kind: 'remove', referenceIds })
  }

  async setTags(changes: readonly { readonly referenceId: number; readonly tag: number }[]): Promise<ShardStatus> {
    return this.#change({ kind: 'setTags', changes })
  }

  async search(query: ShardQuery): Promise<ShardAnswer> {
    const reply = await this.#call({ kind: 'search', query })
    if (!('answer' in reply)) throw new Error('a shard gave no answer to a search')
    return reply.answer
  }

  async close(): Promise<void> {
    const worker = this.#worker
    if (worker === null) return
    await this.#call({ kind: 'close' }).catch(() => undefined)
    this.#fail(worker, 'one that was closed')
    await worker.terminate()
  }

  async #change(body: Body<ShardCall>, transfer: readonly ArrayBuffer[] = []): Promise<ShardStatus> {
    const reply = await this.#call(body, transfer)
    if (!('status' in reply)) throw new Error('a shard did not say how a change went')
    return reply.status
  }

  #call(body: Body<ShardCall>, transfer: readonly ArrayBuffer[] = []): Promise<ShardReply> {
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

  #start(): Worker {
    const worker = new Worker(this.#options.entry)
    worker.unref()
    worker.on('message', (reply: ShardReply) => this.#settle(worker, reply))
    worker.on('error', () => this.#fail(worker, 'one that failed'))
    worker.on('exit', () => this.#fail(worker, 'one that ended'))
    return worker
  }

  #settle(worker: Worker, reply: ShardReply): void {
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

  /** Ends the thread; whoever waits is told, and the next `open` starts another. */
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
