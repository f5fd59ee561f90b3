// Opens a data file and loads the index from it, as the service does when it starts. Prints a StartReport.
import { ShardThread } from '../../../src/adapters/shards/shard-thread.js'
import { SqliteStore } from '../../../src/adapters/sqlite/sqlite-store.js'
import { VerifiedIndex } from '../../../src/engines/search/verified-index.js'
import { References } from '../../../src/services/references.js'
import { newShard } from './indexes.js'
import type { StartReport, StartTask } from './start-up.js'

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
const report: StartReport = {
  readyS: (performance.now() - startMs) / 1000,
  referenceCount: references.size,
  residentBytes: process.memoryUsage.rss(),
}
await references.close()
await store.close()
console.log(JSON.stringify(report))
