import type { IndexedFinger } from '../../domain/finger-search.js'
import type { FingerScope, FingerShard, FingerShardStatus, FingerShortlist } from '../../domain/finger-shard.js'
import type { NormalisedMinutiae } from '../../domain/finger.js'
import type { Neighbour } from '../../domain/search.js'
import { ownMinutiae, type FingerShardCall, type FingerShardReply } from './finger-protocol.js'
import type { Body } from './protocol.js'
import { ThreadCalls, type ThreadOptions } from './thread-calls.js'

/**
 * A finger shard in a thread of its own. When the thread fails or hangs, everything that waits gets UNAVAILABLE, and calls
 * go on failing until `open` starts a new and empty one.
 */
export class FingerShardThread<Prepared> implements FingerShard<Prepared> {
  readonly #thread: ThreadCalls<Body<FingerShardCall<Prepared>>, FingerShardReply<Prepared>>

  constructor(options: ThreadOptions) {
    this.#thread = new ThreadCalls(options)
  }

  async open(): Promise<FingerShardStatus> {
    this.#thread.start()
    return this.#ask({ kind: 'open' }, 'status')
  }

  async add(fingers: readonly IndexedFinger[]): Promise<FingerShardStatus> {
    const owned = fingers.map((finger) => ({ ...finger, minutiae: ownMinutiae(finger.minutiae) }))
    return this.#ask({ kind: 'add', fingers: owned }, 'status')
  }

  async remove(referenceIds: readonly number[]): Promise<FingerShardStatus> {
    return this.#ask({ kind: 'remove', referenceIds }, 'status')
  }

  async setTags(
    changes: readonly { readonly referenceId: number; readonly tag: number }[],
  ): Promise<FingerShardStatus> {
    return this.#ask({ kind: 'setTags', changes }, 'status')
  }

  async prepare(minutiae: NormalisedMinutiae): Promise<Prepared> {
    return this.#ask({ kind: 'prepare', minutiae: ownMinutiae(minutiae) }, 'prepared')
  }

  async shortlist(probe: Prepared, { position, tags }: FingerScope, countMax: number | null): Promise<FingerShortlist> {
    return this.#ask({ kind: 'shortlist', probe, scope: { position, tags }, countMax }, 'shortlist')
  }

  async compare(probe: Prepared, referenceIds: Float64Array): Promise<readonly Neighbour[]> {
    return this.#ask({ kind: 'compare', probe, referenceIds }, 'neighbours')
  }

  async close(): Promise<void> {
    await this.#thread.close({ kind: 'close' })
  }

  async #ask<Part extends keyof FingerShardReply<Prepared>>(
    body: Body<FingerShardCall<Prepared>>,
    part: Part,
  ): Promise<NonNullable<FingerShardReply<Prepared>[Part]>> {
    const answer = (await this.#thread.call(body))[part]
    if (answer === undefined || answer === null) throw new Error(`a shard gave no ${part}`)
    return answer
  }
}
