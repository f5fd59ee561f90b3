// The entry of a finger shard's thread: its composition root. It is given the model at its start.
import { parentPort, workerData } from 'node:worker_threads'
import { serveFingerShard } from './adapters/shards/finger-shard-server.js'
import { LocalFingerShard } from './engines/finger/local-finger-shard.js'
import type { FingerModel } from './engines/finger/model.js'

if (parentPort === null) throw new Error('this file is the entry of a thread')
serveFingerShard(parentPort, new LocalFingerShard(workerData as FingerModel))
