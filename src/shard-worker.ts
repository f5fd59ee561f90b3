// The entry of a shard's thread: its composition root.
import { parentPort } from 'node:worker_threads'
import { serveShard } from './adapters/shards/shard-server.js'
import { LocalShard } from './engines/search/local-shard.js'

if (parentPort === null) throw new Error('this file is the entry of a thread')
serveShard(parentPort, new LocalShard())
