import { DomainError } from '../../domain/errors.js'
import type { IndexedReference, Quantiser, Shard, ShardAnswer, ShardQuery, ShardStatus } from '../../domain/search.js'
import { ExactShard } from './exact-shard.js'
import { instantiateKernel } from './kernel.js'

/** 65,536 pages of 64 KiB: the 4 GiB that a 32-bit memory can have. */
const PAGES_MAX = 65_536

/** A shard in this thread: what a shard's own thread runs, and what small tools use as it is. */
export class LocalShard implements Shard {
  #shard: ExactShard | null = null
  #memory: WebAssembly.Memory | null = null

  async open(featureCount: number, quantiser: Quantiser): Promise<ShardStatus> {
    this.#memory = new WebAssembly.Memory({ initial: 4, maximum: PAGES_MAX })
    this.#shard = new ExactShard(featureCount, this.#memory, instantiateKernel(this.#memory), quantiser)
    return this.#status()
  }

  async add(rows: readonly IndexedReference[]): Promise<ShardStatus> {
    const shard = this.#opened()
    for (const { referenceId, features, tag } of rows) shard.add(referenceId, features, tag)
    return this.#status()
  }

  async remove(referenceIds: readonly number[]): Promise<ShardStatus> {
    const shard = this.#opened()
    for (const referenceId of referenceIds) shard.remove(referenceId)
    return this.#status()
  }

  async setTags(changes: readonly { readonly referenceId: number; readonly tag: number }[]): Promise<ShardStatus> {
    const shard = this.#opened()
    for (const { referenceId, tag } of changes) shard.setTag(referenceId, tag)
    return this.#status()
  }

  async search(query: ShardQuery): Promise<ShardAnswer> {
    return this.#opened().search(query)
  }

  /** Several queries in one pass over the memory. */
  searchAll(queries: readonly ShardQuery[]): readonly ShardAnswer[] {
    return this.#opened().searchAll(queries)
  }

  async close(): Promise<void> {
    this.#shard = null
    this.#memory = null
  }

  #opened(): ExactShard {
    if (this.#shard === null) throw new DomainError('UNAVAILABLE', 'a shard that holds its references', 'an empty one')
    return this.#shard
  }

  #status(): ShardStatus {
    const shard = this.#opened()
    return { rowCount: shard.size, exceptionCount: shard.exceptionCount, bytes: shard.bytes }
  }
}
