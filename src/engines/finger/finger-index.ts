import { checkAlive, type CallContext } from '../../domain/context.js'
import { DomainError } from '../../domain/errors.js'
import type {
  FingerAnswer,
  FingerIndex,
  FingerIndexStatus,
  FingerQuery,
  FingerSource,
  IndexedFinger,
} from '../../domain/finger-search.js'
import type { FingerShard, FingerShardStatus } from '../../domain/finger-shard.js'
import type { NormalisedMinutiae } from '../../domain/finger.js'
import type { Neighbour } from '../../domain/search.js'
import { BestNeighbours } from '../search/best-neighbours.js'
import { chooseShortlist, SHORTLIST_MAX } from './shortlist.js'

export interface FingerIndexOptions<Prepared> {
  readonly shards: readonly FingerShard<Prepared>[]
  readonly source: FingerSource
  /** A shard failed: whoever orders the changes then calls `load()`. */
  readonly onLoadNeeded: () => void
}

/** Comparisons of one call: 6 ms of a thread, after which others get their turn, and a caller who left is noticed. */
const CHUNK_SIZE = 32
/** Searches and comparisons at a time; each waits in one shard's queue at most once. */
const RUNNING_MAX = 200
const RETRY_AFTER_MS = 1_000

/**
 * 1:N over shards that together hold all references. `prepare the probe → shortlist in every shard → choose the best of all →
 * compare these`. Which references are shortlisted, and every score, are the same however many shards there are.
 */
export class ShardedFingerIndex<Prepared> implements FingerIndex {
  readonly #options: FingerIndexOptions<Prepared>
  #statuses: readonly FingerShardStatus[] = []
  #state: FingerIndexStatus['state'] = 'loading'
  /** Loads begun; an answer that saw two of them is none. */
  #loadCount = 0
  #runningCount = 0
  #searchCount = 0

  constructor(options: FingerIndexOptions<Prepared>) {
    if (options.shards.length === 0) throw new RangeError('an index has at least one shard')
    this.#options = options
  }

  get status(): FingerIndexStatus {
    return {
      state: this.#state,
      referenceCount: this.#statuses.reduce((sum, { rowCount }) => sum + rowCount, 0),
      bytes: this.#statuses.reduce((sum, { bytes }) => sum + bytes, 0),
    }
  }

  async load(): Promise<void> {
    this.#state = this.#loadCount++ === 0 ? 'loading' : 'recovering'
    this.#statuses = await Promise.all(this.#options.shards.map((shard) => shard.open()))
    for await (const fingers of this.#options.source.fingers()) await this.#add(fingers)
    this.#state = 'ready'
  }

  async add(fingers: readonly IndexedFinger[]): Promise<void> {
    await this.#change(() => this.#add(fingers))
  }

  async remove(referenceIds: readonly number[]): Promise<void> {
    await this.#change(() =>
      this.#onEach(
        referenceIds,
        (id) => id,
        (shard, part) => shard.remove(part),
      ),
    )
  }

  async setTags(changes: readonly { readonly referenceId: number; readonly tag: number }[]): Promise<void> {
    await this.#change(() =>
      this.#onEach(
        changes,
        ({ referenceId }) => referenceId,
        (shard, part) => shard.setTags(part),
      ),
    )
  }

  async search(query: FingerQuery, context: CallContext): Promise<FingerAnswer> {
    if (!(query.countMax >= 1)) throw new RangeError('a search asks for at least one reference')
    return this.#reading(context, async () => {
      const probe = await this.#prepare(query.minutiae)
      checkAlive(context)
      const listedMax = query.isExhaustive ? null : SHORTLIST_MAX
      const lists = await Promise.all(this.#options.shards.map((shard) => shard.shortlist(probe, query, listedMax)))
      const chosen = query.isExhaustive ? lists.map(({ referenceIds }) => referenceIds) : chooseShortlist(lists)
      const compared = await this.#compare(probe, chosen, context)
      const best = new BestNeighbours(query.countMax)
      for (const { referenceId, score } of compared) if (score >= query.scoreMin) best.offer(referenceId, score)
      return {
        neighbours: best.sorted(),
        coveredCount: lists.reduce((sum, { coveredCount }) => sum + coveredCount, 0),
        comparedCount: compared.length,
      }
    })
  }

  async compare(
    minutiae: NormalisedMinutiae,
    referenceIds: readonly number[],
    context: CallContext,
  ): Promise<readonly Neighbour[]> {
    return this.#reading(context, async () => {
      const probe = await this.#prepare(minutiae)
      const parts = this.#options.shards.map((_, s) =>
        Float64Array.from(new Set(referenceIds.filter((id) => this.#shardOf(id) === s))),
      )
      return this.#compare(probe, parts, context)
    })
  }

  async close(): Promise<void> {
    await Promise.all(this.#options.shards.map((shard) => shard.close()))
  }

  /** In one shard only, by turns: it takes as long as a dozen comparisons. */
  async #prepare(minutiae: NormalisedMinutiae): Promise<Prepared> {
    const { shards } = this.#options
    return shards[this.#searchCount++ % shards.length]!.prepare(minutiae)
  }

  /** All shards at once, each chunk by chunk. */
  async #compare(probe: Prepared, parts: readonly Float64Array[], context: CallContext): Promise<readonly Neighbour[]> {
    const loadCount = this.#loadCount
    const compared = await Promise.all(
      this.#options.shards.map(async (shard, s) => {
        const neighbours: Neighbour[] = []
        const ids = parts[s]!
        for (let from = 0; from < ids.length; from += CHUNK_SIZE) {
          checkAlive(context)
          this.#checkReady(loadCount)
          neighbours.push(...(await shard.compare(probe, ids.slice(from, from + CHUNK_SIZE))))
        }
        return neighbours
      }),
    )
    return compared.flat()
  }

  /** Runs a search; the references must have been all there from its beginning to its end. */
  async #reading<T>(context: CallContext, work: () => Promise<T>): Promise<T> {
    checkAlive(context)
    const loadCount = this.#loadCount
    this.#checkReady(loadCount)
    if (this.#runningCount >= RUNNING_MAX)
      throw new DomainError('OVERLOADED', `at most ${RUNNING_MAX} searches at a time`, 'one more', {
        retryAfterMs: RETRY_AFTER_MS,
      })
    this.#runningCount++
    try {
      const answer = await work()
      checkAlive(context)
      this.#checkReady(loadCount)
      return answer
    } catch (error) {
      if (error instanceof DomainError && error.code === 'UNAVAILABLE') this.#recover(loadCount)
      throw error
    } finally {
      this.#runningCount--
    }
  }

  /** After a failed change some shards may hold it and others not. */
  async #change(work: () => Promise<void>): Promise<void> {
    const loadCount = this.#loadCount
    this.#checkReady(loadCount)
    try {
      await work()
    } catch (error) {
      this.#recover(loadCount)
      throw error
    }
  }

  /** A part that failed makes the whole unusable until it is loaded again: a partial answer could read as "nobody". */
  #recover(loadCount: number): void {
    if (this.#state !== 'ready' || loadCount !== this.#loadCount) return
    this.#state = 'recovering'
    this.#options.onLoadNeeded()
  }

  #checkReady(loadCount: number): void {
    if (this.#state === 'ready' && loadCount === this.#loadCount) return
    const got = this.#state === 'ready' ? 'one that was loaded again meanwhile' : `one that is ${this.#state}`
    throw new DomainError('UNAVAILABLE', 'an index that holds every reference', got, { retryAfterMs: RETRY_AFTER_MS })
  }

  async #add(fingers: readonly IndexedFinger[]): Promise<void> {
    await this.#onEach(
      fingers,
      ({ referenceId }) => referenceId,
      (shard, part) => shard.add(part),
    )
  }

  async #onEach<T>(
    items: readonly T[],
    idOf: (item: T) => number,
    change: (shard: FingerShard<Prepared>, part: readonly T[]) => Promise<FingerShardStatus>,
  ): Promise<void> {
    this.#statuses = await Promise.all(
      this.#options.shards.map(async (shard, s) => {
        const part = items.filter((item) => this.#shardOf(idOf(item)) === s)
        return part.length === 0 ? this.#statuses[s]! : change(shard, part)
      }),
    )
  }

  #shardOf(referenceId: number): number {
    return referenceId % this.#options.shards.length
  }
}
