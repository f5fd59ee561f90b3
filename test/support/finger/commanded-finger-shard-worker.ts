// The entry of a finger shard's thread that fails on command: the first reference to compare with says how.
import { parentPort, workerData } from 'node:worker_threads'
import { serveFingerShard } from '../../../src/adapters/shards/finger-shard-server.js'
import type { FingerFeatures } from '../../../src/engines/finger/features.js'
import { LocalFingerShard } from '../../../src/engines/finger/local-finger-shard.js'
import type { FingerModel } from '../../../src/engines/finger/model.js'
import { obey } from '../search/commands.js'

class CommandedFingerShard extends LocalFingerShard {
  override async compare(probe: FingerFeatures, referenceIds: Float64Array) {
    obey(referenceIds[0] ?? 0)
    return super.compare(probe, referenceIds)
  }
}

if (parentPort === null) throw new Error('this file is the entry of a thread')
serveFingerShard(parentPort, new CommandedFingerShard(workerData as FingerModel))
