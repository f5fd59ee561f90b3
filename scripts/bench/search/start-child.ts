// Opens a data file, loads the index from it and searches, as the service does. Prints a StartReport.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { ShardThread } from '../../../src/adapters/shards/shard-thread.js'
import { SqliteStore } from '../../../src/adapters/sqlite/sqlite-store.js'
import { backgroundContext } from '../../../src/domain/context.js'
import { VerifiedIndex } from '../../../src/engines/search/verified-index.js'
import { References } from '../../../src/services/references.js'
import { median } from '../statistics.js'
import { newShard } from './indexes.js'
import { LIST_LENGTH } from './oracle.js'
import type { StartReport, StartTask } from './start-up.js'
import { timeSearches } from './timing.js'

const PROBES = 300
const IN_FLIGHT = 32
const DELAY_RESOLUTION_MS = 1

const { file, algorithm, featureCount, threadCount } = JSON.parse(process.argv[2] ?? '') as StartTask
const startMs = performance.now()
const store = new SqliteStore(file, Date.now)
const references = new References(
  store,
  (source, onLoadNeeded) => {
    const shards = Array.from({ length: threadCount }, (): ShardThread => newShard())
    return new VerifiedIndex({ featureCount, shards, graph: null, source, onLoadNeeded })
  },
  algorithm,
  featureCount,
)
await references.load()
const readyS = (performance.now() - startMs) / 1000
const residentBytes = process.memoryUsage.rss()

const step = Math.max(1, Math.floor(references.size / PROBES))
const rows = await references.features(Array.from({ length: PROBES }, (_, i) => 1 + i * step))
const probes = rows.map(({ features }) => features)
const comparedCounts: number[] = []
const alone = await timeSearches(search, probes)
const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS })
delay.enable()
const inFlight = await timeSearches(search, probes, IN_FLIGHT)
delay.disable()
const report: StartReport = {
  readyS,
  referenceCount: references.size,
  residentBytes,
  comparedCount: median(comparedCounts),
  alone,
  inFlight,
  eventLoopDelayP99Ms: delay.percentile(99) / 1e6 - DELAY_RESOLUTION_MS,
}
await references.close()
await store.close()
console.log(JSON.stringify(report))

async function search(probe: Float32Array): Promise<readonly number[]> {
  const scope = references.everything()
  const wishes = { probe, countMax: LIST_LENGTH, scoreMin: -2, scope, mode: 'exact' } as const
  const { neighbours, comparedCount } = await references.search(wishes, backgroundContext('bench'))
  comparedCounts.push(comparedCount)
  return neighbours.map(({ referenceId }) => referenceId)
}
