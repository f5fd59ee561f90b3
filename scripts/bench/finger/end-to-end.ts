import { FingerShardThread } from '../../../src/adapters/shards/finger-shard-thread.js'
import { backgroundContext } from '../../../src/domain/context.js'
import type { FingerFeatures } from '../../../src/engines/finger/features.js'
import { ShardedFingerIndex } from '../../../src/engines/finger/finger-index.js'
import type { FingerModel } from '../../../src/engines/finger/model.js'
import { POSITION, type Gallery } from './gallery.js'

export interface EndToEnd {
  readonly templateCount: number
  readonly shardCount: number
  readonly loadS: number
  /** From the probe's minutiae to the answer, one search after the other. */
  readonly searchMs: readonly number[]
}

const CHUNK_SIZE = 500
const SILENCE_MS = 60_000
const WARM_UP_COUNT = 20

/** The index as the service has it, over shards in threads. */
export async function measureEndToEnd(
  { references, mates }: Gallery,
  model: FingerModel,
  shardCount: number,
): Promise<EndToEnd> {
  const entry = new URL('../../../src/finger-shard-worker.js', import.meta.url)
  const options = { entry, silenceMsMax: SILENCE_MS, workerData: model }
  const index = new ShardedFingerIndex({
    shards: Array.from({ length: shardCount }, () => new FingerShardThread<FingerFeatures>(options)),
    source: {
      async *fingers() {
        for (let from = 0; from < references.length; from += CHUNK_SIZE) yield references.slice(from, from + CHUNK_SIZE)
      },
    },
    onLoadNeeded: () => undefined,
  })
  try {
    const start = performance.now()
    await index.load()
    const loadS = (performance.now() - start) / 1_000
    const searchMs: number[] = []
    for (const [n, minutiae] of [...mates.slice(0, WARM_UP_COUNT), ...mates].entries()) {
      const query = {
        minutiae,
        position: POSITION,
        countMax: 10,
        scoreMin: 0,
        tags: null,
        isExhaustive: false,
      } as const
      const searchStart = performance.now()
      await index.search(query, backgroundContext('bench'))
      if (n >= WARM_UP_COUNT) searchMs.push(performance.now() - searchStart)
    }
    return { templateCount: references.length, shardCount, loadS, searchMs }
  } finally {
    await index.close()
  }
}
