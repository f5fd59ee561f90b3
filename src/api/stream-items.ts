import { status as Code, type ServerDuplexStream } from '@grpc/grpc-js'
import type { CallContext } from '../domain/context.js'
import { DomainError } from '../domain/errors.js'
import { LIMITS } from '../domain/limits.js'
import { callContext } from './context.js'
import type { Report } from './report.js'
import { untilNotOverloaded } from './retry-overloaded.js'
import { failedCall, type ErrorStatus } from './status.js'

export interface NumberedItem {
  readonly item: number
}

/** What is done with the items of one kind of stream. */
export interface ItemWork<Item extends NumberedItem, Answer> {
  /** Decodes, calls and encodes, as for a single call. */
  readonly work: (item: Item, context: CallContext) => Promise<Answer>
  /** The answer for an item whose work threw. */
  readonly failed: (item: number, error: ErrorStatus) => NoInfer<Answer>
}

/** A stream on which nothing is in work and nothing arrives is ended after this time: it holds one of few places. */
const SILENCE_MAX_MS = 120_000

/**
 * One bidirectional stream of numbered items (BulkEnrol, BatchIdentify).
 *
 * - At most `LIMITS.streamItemsInFlightMax` items are in work; an item is in work until its answer is written to the
 *   connection, so a caller that does not read its answers stops being read. HTTP/2 flow control holds back the rest.
 * - Each item is answered as soon as it is done; a bad one is answered with `error` and harms no other.
 * - Item `LIMITS.batchItemsMax` + 1 ends the stream with RESOURCE_EXHAUSTED, after the accepted ones are answered.
 * - A cancel or the deadline aborts the context of the items in work; nothing is written any more.
 */
export class StreamItems<Item extends NumberedItem, Answer> {
  readonly #call: ServerDuplexStream<Item, Answer>
  readonly #items: ItemWork<Item, Answer>
  readonly #report: Report
  readonly #context: CallContext
  #acceptedCount = 0
  #inWorkCount = 0
  #halfClosed = false
  /** What the stream ends with, once that is known not to be OK. */
  #failure: ErrorStatus | null = null
  #silence: NodeJS.Timeout | undefined

  constructor(call: ServerDuplexStream<Item, Answer>, items: ItemWork<Item, Answer>, report: Report) {
    this.#call = call
    this.#items = items
    this.#report = report
    this.#context = callContext(call)
  }

  start(): void {
    this.#call.on('data', (item: Item) => this.#accept(item))
    this.#call.on('end', () => {
      this.#halfClosed = true
      this.#proceed()
    })
    this.#context.signal.addEventListener('abort', () => clearTimeout(this.#silence), { once: true })
    this.#proceed()
  }

  #accept(item: Item): void {
    if (this.#failure !== null) return
    clearTimeout(this.#silence)
    if (this.#acceptedCount === LIMITS.batchItemsMax) {
      this.#stop(this.#tooManyItems())
      return
    }
    this.#acceptedCount++
    this.#inWorkCount++
    if (this.#inWorkCount === LIMITS.streamItemsInFlightMax) this.#call.pause()
    void this.#answer(item).then(() => {
      this.#inWorkCount--
      this.#proceed()
    })
  }

  /** Never rejects: what an item throws is its answer. Never resolves once the call is gone. */
  async #answer(item: Item): Promise<void> {
    const answer = await this.#workOn(item)
    if (this.#context.signal.aborted) return
    await new Promise<void>((resolve) => this.#call.write(answer, () => resolve()))
  }

  async #workOn(item: Item): Promise<Answer> {
    try {
      return await untilNotOverloaded(() => this.#items.work(item, this.#context), this.#context)
    } catch (error) {
      return this.#items.failed(item.item, this.#report(error, this.#context))
    }
  }

  /** What comes next: the end, more items, or nothing while those in work are enough. */
  #proceed(): void {
    if (this.#context.signal.aborted) return
    if (this.#inWorkCount === 0 && (this.#halfClosed || this.#failure !== null)) this.#finish()
    else if (this.#failure === null && this.#inWorkCount < LIMITS.streamItemsInFlightMax) this.#call.resume()
    if (this.#inWorkCount === 0 && !this.#halfClosed && this.#failure === null) this.#watchSilence()
  }

  #watchSilence(): void {
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => this.#stop(this.#tooLongSilence()), SILENCE_MAX_MS)
  }

  /** Takes no more items; the stream ends with `failure` once those in work are answered. */
  #stop(failure: ErrorStatus): void {
    this.#failure = failure
    this.#call.pause()
    this.#proceed()
  }

  #finish(): void {
    clearTimeout(this.#silence)
    if (this.#failure === null) this.#call.end()
    else this.#call.emit('error', failedCall(this.#failure)) // how grpc-js ends a stream with a status
  }

  /** RESOURCE_EXHAUSTED, not INVALID_ARGUMENT: every item that was taken is good, there are only too many of them. */
  #tooManyItems(): ErrorStatus {
    const error = new DomainError('LIMIT_EXCEEDED', `at most ${LIMITS.batchItemsMax} items in a stream`, 'one more')
    return { ...this.#report(error, this.#context), code: Code.RESOURCE_EXHAUSTED }
  }

  #tooLongSilence(): ErrorStatus {
    const expected = `an item or the end within ${SILENCE_MAX_MS / 1000} s`
    return this.#report(new DomainError('DEADLINE_EXCEEDED', expected, 'neither'), this.#context)
  }
}
