import { backgroundContext } from '../../../src/domain/context.js'
import type { IndexSearch, Shard, ShardQuery } from '../../../src/domain/search.js'
import { LocalShard } from '../../../src/engines/search/local-shard.js'
import { quantiseProbe } from '../../../src/engines/search/quantiser.js'
import { VerifiedIndex, type VerifiedIndexOptions } from '../../../src/engines/search/verified-index.js'
import type { ReferenceList } from './reference-list.js'

export const CONTEXT = backgroundContext('test')

export function localShards(count: number): readonly Shard[] {
  return Array.from({ length: count }, () => new LocalShard())
}

/** A search of everything for ten references, unless `wishes` say otherwise. */
export function searchFor(probe: Float32Array, wishes: Partial<IndexSearch> = {}): IndexSearch {
  return {
    probe,
    countMax: 10,
    scoreMin: -2,
    tags: null,
    accept: () => true,
    acceptedCount: Infinity,
    mode: 'auto',
    ...wishes,
  }
}

/** The same for one shard. */
export function queryFor(probe: Float32Array, wishes: Partial<ShardQuery> = {}): ShardQuery {
  return { probe: quantiseProbe(probe), countMax: 10, scoreMin: -2, tags: null, ...wishes }
}

/** An index over one shard in this thread and no graph, unless `wishes` say otherwise; not yet loaded. */
export function indexOver(
  source: ReferenceList,
  featureCount: number,
  wishes: Partial<VerifiedIndexOptions> = {},
): VerifiedIndex {
  return new VerifiedIndex({
    featureCount,
    shards: localShards(1),
    graph: null,
    source,
    onLoadNeeded: () => undefined,
    ...wishes,
  })
}
