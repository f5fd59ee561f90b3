// The entry of a shard's thread that fails on command: the number of neighbours asked for says how.
import { parentPort } from 'node:worker_threads'
import { serveShard } from '../../../src/adapters/shards/shard-server.js'
import type { ShardAnswer, ShardQuery } from '../../../src/domain/search.js'
import { LocalShard } from '../../../src/engines/search/local-shard.js'
import { COMMANDS } from './commands.js'

class CommandedShard extends LocalShard {
  override async search(query: ShardQuery): Promise<ShardAnswer> {
    obey(query.countMax)
    return super.search(query)
  }

  override searchAll(queries: readonly ShardQuery[]): readonly ShardAnswer[] {
    for (const { countMax } of queries) obey(countMax)
    return super.searchAll(queries)
  }
}

function obey(countMax: number): void {
  if (countMax === COMMANDS.exit) process.exit(1)
  if (countMax === COMMANDS.fail) throw new Error('a bug in the scan')
  if (countMax === COMMANDS.crash)
    setImmediate(() => {
      throw new Error('a bug outside of any call')
    })
  if (countMax === COMMANDS.hang) for (;;);
  if (countMax === COMMANDS.dawdle) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
}

if (parentPort === null) throw new Error('this file is the entry of a thread')
serveShard(parentPort, new CommandedShard())
