import type { ShardAnswer, ShardQuery } from '../../../src/domain/search.js'
import { LocalShard } from '../../../src/engines/search/local-shard.js'

/** A shard that answers when the test lets it. */
export class HeldShard extends LocalShard {
  startedCount = 0
  #held: Promise<void> = Promise.resolve()

  /** @returns what lets the answers go */
  hold(): () => void {
    let release = (): void => undefined
    this.#held = new Promise((resolve) => (release = resolve))
    return release
  }

  override async search(query: ShardQuery): Promise<ShardAnswer> {
    this.startedCount++
    await this.#held
    return super.search(query)
  }
}
