import { setTimeout as sleep } from 'node:timers/promises'
import { LIMITS } from '../domain/limits.js'
import type { BulkEnrolRequest } from '../generated/portcullis/v1/BulkEnrolRequest.js'
import type { BulkEnrolResult__Output } from '../generated/portcullis/v1/BulkEnrolResult.js'
import type { Subject__Output } from '../generated/portcullis/v1/Subject.js'
import type { BulkStream, PortcullisClient } from './client.js'
import { CliError, toCliError } from './failure.js'
import { callError, statusToError } from './status-details.js'

type Operation = Omit<BulkEnrolRequest, 'item'>

interface Waiting {
  readonly resolve: (subject: Subject__Output) => void
  readonly reject: (error: CliError) => void
}

/** One stream; it ends when it has carried `LIMITS.batchItemsMax` items. */
interface Lane {
  readonly stream: BulkStream
  readonly waiting: Map<number, Waiting>
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
 * Enrols items over BulkEnrol as if each were a call of its own: `enrol` resolves when that item is durable.
 * Callers bound the memory by the number of items that they wait for at once.
 */
export class BulkEnroller {
  readonly #client: PortcullisClient
  #lane: Lane | null = null

  constructor(client: PortcullisClient) {
    this.#client = client
  }

  /** @throws CliError what the service says of this item, or why the stream broke off */
  async enrol(operation: Operation): Promise<Subject__Output> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#send(operation)
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

  #send(operation: Operation): Promise<Subject__Output> {
    if (this.#lane !== null && (this.#lane.failure !== null || this.#lane.itemCount >= LIMITS.batchItemsMax))
      this.close()
    const lane = (this.#lane ??= this.#open())
    const item = ++lane.itemCount
    return new Promise((resolve, reject) => {
      lane.waiting.set(item, { resolve, reject })
      this.#watch(lane)
      lane.stream.write({ item, ...operation })
    })
  }

  #open(): Lane {
    const stream = this.#client.bulkEnrol(STREAM_DEADLINE_MS)
    const lane: Lane = { stream, waiting: new Map(), itemCount: 0, failure: null, watchdog: undefined }
    stream.on('data', (result: BulkEnrolResult__Output) => this.#answer(lane, result))
    stream.on('error', (error) =>
      this.#fail(lane, callError(error as Parameters<typeof callError>[0], this.#client.address)),
    )
    stream.on('end', () => this.#fail(lane, new CliError('UNAVAILABLE', 'the service ended the stream early')))
    return lane
  }

  #answer(lane: Lane, result: BulkEnrolResult__Output): void {
    const waiting = lane.waiting.get(result.item)
    lane.waiting.delete(result.item)
    this.#watch(lane)
    if (result.subject) waiting?.resolve(result.subject)
    else if (result.error) waiting?.reject(statusToError(result.error))
    else waiting?.reject(new CliError('UNKNOWN', 'the service sent an outcome that this program does not know'))
  }

  #fail(lane: Lane, failure: CliError): void {
    lane.failure ??= failure
    clearTimeout(lane.watchdog)
    for (const waiting of lane.waiting.values()) waiting.reject(lane.failure)
    lane.waiting.clear()
  }

  /** A service that answers nothing for the time of one call, while items wait, is taken for gone. */
  #watch(lane: Lane): void {
    clearTimeout(lane.watchdog)
    if (lane.waiting.size === 0) return
    lane.watchdog = setTimeout(() => {
      this.#fail(lane, new CliError('DEADLINE_EXCEEDED', 'the service stopped answering; try a longer --timeout'))
      lane.stream.cancel()
    }, this.#client.timeoutMs)
  }
}
