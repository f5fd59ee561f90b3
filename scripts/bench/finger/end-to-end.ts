import { FingerShardThread } from '../../../src/adapters/shards/finger-shard-thread.js'
import { backgroundContext } from '../../../src/domain/context.js'
import type { FingerFeatures } from '../../../src/engines/finger/features.js'
import { ShardedFingerIndex } from '../../../src/engines/finger/finger-index.js'
import type { FingerModel } from '../../../src/engines/finger/model.js'
import { SHORTLIST_MAX } from '../../../src/engines/finger/shortlist.js'
import { POSITION, type Gallery } from './gallery.js'

export interface EndToEnd {
  readonly templateCount: number
  readonly shardCount: number
  readonly loadS: number
  /** Of all shards at once; the probe is prepared. */
  readonly shortlistMs: readonly number[]
  /** From the probe's minutiae to the answer, one search after the other. */
  readonly searchMs: readonly number[]
}

const CHUNK_SIZE = 500
const SILENCE_MS = 60_000
const WARM_UP_COUNT = 20
const SEARCH_COUNT = 150
const SHORTLIST_COUNT = 50

/** The index as the service has it, over shards in threads. */
export async function measureEndToEnd(
  { references, mates }: Gallery,
  model: FingerModel,
  shardCount: number,
): Promise<EndToEnd> {
  const entry = new URL('../../../src/finger-shard-worker.js', import.meta.url)
  const options = { entry, silenceMsMax: SILENCE_MS, workerData: model }
  const shards = Array.from({ length: shardCount }, () => new FingerShardThread<FingerFeatures>(options))
  const index = new ShardedFingerIndex({
    shards,
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
    for (const [n, minutiae] of [...mates.slice(0, WARM_UP_COUNT), ...mates.slice(0, SEARCH_COUNT)].entries()) {
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
    const shortlistMs = await timesOfShortlists(shards, mates)
    return { templateCount: references.length, shardCount, loadS, shortlistMs, searchMs }
  } finally {
    await index.close()
  }
}

async function timesOfShortlists(
  shards: readonly FingerShardThread<FingerFeatures>[],
  mates: Gallery['mates'],
): Promise<readonly number[]> {
  const scope = { position: POSITION, tags: null } as const
  const timesMs: number[] = []
  for (const mate of mates.slice(0, SHORTLIST_COUNT)) {
    const probe = await shards[0]!.prepare(mate)
    const start = performance.now()
    await Promise.all(shards.map((shard) => shard.shortlist(probe, scope, SHORTLIST_MAX)))
    timesMs.push(performance.now() - start)
  }
  return timesMs
}
