// The entry of a shard's thread that fails on command: the number of neighbours asked for says how.
import { parentPort } from 'node:worker_threads'
import { serveShard } from '../../../src/adapters/shards/shard-server.js'
import type { ShardAnswer, ShardQuery } from '../../../src/domain/search.js'
import { LocalShard } from '../../../src/engines/search/local-shard.js'
import { obey } from './commands.js'

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

if (parentPort === null) throw new Error('this file is the entry of a thread')
serveShard(parentPort, new CommandedShard())
