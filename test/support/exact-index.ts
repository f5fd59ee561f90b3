import { LocalShard } from '../../src/engines/search/local-shard.js'
import { VerifiedIndex } from '../../src/engines/search/verified-index.js'
import type { Shard } from '../../src/domain/search.js'
import type { IndexFactory } from '../../src/services/references.js'

/** The product's index without threads and without a graph: two shards in this one. */
export function exactIndex(
  featureCount: number,
  shards: readonly Shard[] = [new LocalShard(), new LocalShard()],
): IndexFactory {
  return (source, onLoadNeeded) => new VerifiedIndex({ featureCount, shards, graph: null, source, onLoadNeeded })
}
