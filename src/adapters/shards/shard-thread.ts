import type { IndexedReference, Quantiser, Shard, ShardAnswer, ShardQuery, ShardStatus } from '../../domain/search.js'
import { packRows, type Body, type ShardCall, type ShardReply } from './protocol.js'
import { ThreadCalls, type ThreadOptions } from './thread-calls.js'

/**
 * A shard in a thread of its own. When the thread fails or hangs, everything that waits gets UNAVAILABLE, and a new and empty
 * one takes its place: calls go on failing until `open` is called again.
 */
export class ShardThread implements Shard {
  readonly #thread: ThreadCalls<Body<ShardCall>, ShardReply>

  constructor(options: ThreadOptions) {
    this.#thread = new ThreadCalls(options)
  }

  async open(featureCount: number, quantiser: Quantiser): Promise<ShardStatus> {
    this.#thread.start()
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
    const reply = await this.#thread.call({ kind: 'search', query })
    if (!('answer' in reply)) throw new Error('a shard gave no answer to a search')
    return reply.answer
  }

  async close(): Promise<void> {
    await this.#thread.close({ kind: 'close' })
  }

  async #change(body: Body<ShardCall>, transfer: readonly ArrayBuffer[] = []): Promise<ShardStatus> {
    const reply = await this.#thread.call(body, transfer)
    if (!('status' in reply)) throw new Error('a shard did not say how a change went')
    return reply.status
  }
}
