import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientDuplexStream } from '@grpc/grpc-js'
import { LIMITS } from '../domain/limits.js'
import type { Status__Output } from '../generated/google/rpc/Status.js'
import type { PortcullisClient } from './client.js'
import { CliError, toCliError } from './failure.js'
import { callError, statusToError } from './status-details.js'

interface NumberedResult {
  readonly item: number
  readonly error?: Status__Output | null
}

interface Waiting<Result> {
  readonly resolve: (result: Result) => void
  readonly reject: (error: CliError) => void
}

/** One stream; it ends when it has carried `LIMITS.batchItemsMax` items. */
interface Lane<Request extends object, Result> {
  readonly stream: ClientDuplexStream<Request, Result>
  readonly waiting: Map<number, Waiting<Result>>
  itemCount: number
  failure: CliError | null
  watchdog: NodeJS.Timeout | undefined
}

/** A full queue is a matter of seconds; after this many tries the service is not keeping up at all. */
const OVERLOAD_TRIES_MAX = 6
const OVERLOAD_WAIT_MS_MAX = 10_000

/** Longest life of a stream. A silent one is given up much sooner, see `#watch`. */
const STREAM_DEADLINE_MS = 12 * 3600_000

/**
 * Sends the items of a bidirectional stream as if each were a call of its own: `send` resolves to the result of that item.
 * Callers bound the memory by the number of items that they wait for at once.
 */
export class ItemStream<Request extends { item?: unknown }, Result extends NumberedResult> {
  readonly #client: PortcullisClient
  readonly #openStream: (deadlineMs: number) => ClientDuplexStream<Request, Result>
  #lane: Lane<Request, Result> | null = null

  constructor(client: PortcullisClient, openStream: (deadlineMs: number) => ClientDuplexStream<Request, Result>) {
    this.#client = client
    this.#openStream = openStream
  }

  /** @throws CliError what the service says of this item, or why the stream broke off */
  async send(request: Omit<Request, 'item'>): Promise<Result> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#sendOnce(request)
      } catch (error) {
        const { reason, retryAfterMs = 1000 } = toCliError(error)
        if (reason !== 'OVERLOADED' || tries === OVERLOAD_TRIES_MAX) throw error
        await sleep(Math.min(retryAfterMs, OVERLOAD_WAIT_MS_MAX))
      }
    }
  }

  /** Says that no more items come. Items that wait still get their answers. */
  close(): void {
    this.#lane?.stream.end()
    this.#lane = null
  }

  #sendOnce(request: Omit<Request, 'item'>): Promise<Result> {
    if (this.#lane !== null && (this.#lane.failure !== null || this.#lane.itemCount >= LIMITS.batchItemsMax))
      this.close()
    const lane = (this.#lane ??= this.#open())
    const item = ++lane.itemCount
    return new Promise((resolve, reject) => {
      lane.waiting.set(item, { resolve, reject })
      this.#watch(lane)
      lane.stream.write({ ...request, item } as Request)
    })
  }

  #open(): Lane<Request, Result> {
    const stream = this.#openStream(STREAM_DEADLINE_MS)
    const lane: Lane<Request, Result> = {
      stream,
      waiting: new Map(),
      itemCount: 0,
      failure: null,
      watchdog: undefined,
    }
    stream.on('data', (result: Result) => this.#answer(lane, result))
    stream.on('error', (error) =>
      this.#fail(lane, callError(error as Parameters<typeof callError>[0], this.#client.address)),
    )
    stream.on('end', () => this.#fail(lane, new CliError('UNAVAILABLE', 'the service ended the stream early')))
    return lane
  }

  #answer(lane: Lane<Request, Result>, result: Result): void {
    const waiting = lane.waiting.get(result.item)
    lane.waiting.delete(result.item)
    this.#watch(lane)
    if (result.error) waiting?.reject(statusToError(result.error))
    else waiting?.resolve(result)
  }

  #fail(lane: Lane<Request, Result>, failure: CliError): void {
    lane.failure ??= failure
    clearTimeout(lane.watchdog)
    for (const waiting of lane.waiting.values()) waiting.reject(lane.failure)
    lane.waiting.clear()
  }

  /** A service that answers nothing for the time of one call, while items wait, is taken for gone. */
  #watch(lane: Lane<Request, Result>): void {
    clearTimeout(lane.watchdog)
    if (lane.waiting.size === 0) return
    lane.watchdog = setTimeout(() => {
      this.#fail(lane, new CliError('DEADLINE_EXCEEDED', 'the service stopped answering; try a longer --timeout'))
      lane.stream.cancel()
    }, this.#client.timeoutMs)
  }
}
