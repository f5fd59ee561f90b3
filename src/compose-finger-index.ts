import { availableParallelism } from 'node:os'
import { FingerShardThread } from './adapters/shards/finger-shard-thread.js'
import type { Config } from './config.js'
import type { FingerIndex, FingerSource } from './domain/finger-search.js'
import type { FingerFeatures } from './engines/finger/features.js'
import { ShardedFingerIndex } from './engines/finger/finger-index.js'
import { parseFingerModel } from './engines/finger/model-file.js'

/** The longest call prepares a chunk of the source's references: at 5 ms each and up to 1,000 of them 5 s. */
const SHARD_SILENCE_MS = 20_000

/**
 * The fingerprint index over shards in threads of their own: one for each worker, but not more than there are cores.
 * @param modelBytes content of the model's file @throws DomainError PARSE_ERROR where it is not whole
 */
export function openFingerIndex(
  { workerCount }: Pick<Config, 'workerCount'>,
  modelBytes: Uint8Array,
  source: FingerSource,
  onLoadNeeded: () => void,
): FingerIndex {
  const shardCount = Math.min(workerCount, availableParallelism())
  const entry = new URL('./finger-shard-worker.js', import.meta.url)
  const options = { entry, silenceMsMax: SHARD_SILENCE_MS, workerData: parseFingerModel(modelBytes) }
  const shards = Array.from({ length: shardCount }, () => new FingerShardThread<FingerFeatures>(options))
  return new ShardedFingerIndex({ shards, source, onLoadNeeded })
}
