import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { expect } from 'chai'
import { packRows, unpackRows, type ShardReply } from '../../../src/adapters/shards/protocol.js'
import { serveShard } from '../../../src/adapters/shards/shard-server.js'
import type { ShardAnswer, ShardQuery } from '../../../src/domain/search.js'
import { LocalShard } from '../../../src/engines/search/local-shard.js'
import { chooseQuantiser } from '../../../src/engines/search/quantiser.js'
import { numbered } from '../../support/search/reference-list.js'
import { queryFor } from '../../support/search/searches.js'
import { vectorsOf } from '../../support/search/vectors.js'

// Goal: what waits is answered in one pass over the memory, in the order of calls. Method: the real shard, which notes the size
// of each pass, behind a real port, in this thread.
const FEATURE_COUNT = 64
const vectors = vectorsOf('identities', 500, FEATURE_COUNT, 1)
const references = numbered(vectors)

class NotingShard extends LocalShard {
  readonly passes: number[] = []

  override async search(query: ShardQuery): Promise<ShardAnswer> {
    this.passes.push(1)
    return super.search(query)
  }

  override searchAll(queries: readonly ShardQuery[]): readonly ShardAnswer[] {
    this.passes.push(queries.length)
    return super.searchAll(queries)
  }
}

/** Posts all calls at once and gives the replies in the order of their coming. */
async function replies(port: MessagePort, bodies: readonly object[]): Promise<readonly ShardReply[]> {
  return new Promise((resolve) => {
    const received: ShardReply[] = []
    port.on('message', (reply: ShardReply) => {
      if (received.push(reply) === bodies.length) resolve(received)
    })
    bodies.forEach((body, call) => port.postMessage({ call, ...body }))
  })
}

async function served(bodies: readonly object[]) {
  const { port1, port2 } = new MessageChannel()
  const shard = new NotingShard()
  await shard.open(FEATURE_COUNT, chooseQuantiser(vectors))
  await shard.add(references)
  serveShard(port2, shard)
  try {
    return { shard, received: await replies(port1, bodies) }
  } finally {
    port1.close()
  }
}

const search = (n: number, countMax = 10) => ({ kind: 'search', query: queryFor(vectors[n]!, { countMax }) })
const answerOf = (reply: ShardReply | undefined) => (reply !== undefined && 'answer' in reply ? reply.answer : null)

describe('serveShard', () => {
  it('answers waiting searches in passes of 16, each as if it were alone', async () => {
    const { shard, received } = await served(Array.from({ length: 40 }, (_, n) => search(n)))
    expect(shard.passes).to.deep.equal([16, 16, 8])
    expect(received.map(({ call }) => call)).to.deep.equal(Array.from({ length: 40 }, (_, n) => n))
    for (const [n, reply] of received.entries())
      expect(answerOf(reply)).to.deep.equal(await shard.search(queryFor(vectors[n]!)))
  })

  it('keeps a change between the searches before and after it', async () => {
    const late = packRows(numbered([vectors[3]!], () => 0, 900))
    const bodies = [
      search(3),
      search(3),
      { kind: 'add', ...late },
      search(3),
      { kind: 'remove', referenceIds: [900] },
      search(3),
    ]
    const { shard, received } = await served(bodies)
    expect(shard.passes).to.deep.equal([2, 1, 1])
    const finds = received.map((reply) => answerOf(reply)?.referenceIds.includes(900))
    expect(finds).to.deep.equal([false, false, undefined, true, undefined, false])
  })

  it('says what failed, by code or by message, and goes on', async () => {
    const again = packRows(numbered([vectors[3]!]))
    const { received } = await served([{ kind: 'add', ...again }, search(1)])
    expect(received[0]).to.deep.equal({ call: 0, failure: { code: null, message: 'a reference is added once' } })
    expect(answerOf(received[1])?.coveredCount).to.equal(500)
  })

  it('refuses searches of a shard that was not opened', async () => {
    const { port1, port2 } = new MessageChannel()
    serveShard(port2, new LocalShard())
    const received = await replies(port1, [search(0), search(1), search(2)])
    port1.close()
    for (const reply of received) expect('failure' in reply && reply.failure.code).to.equal('UNAVAILABLE')
  })
})

describe('packRows', () => {
  it('gives back what it was given, and takes buffers of its own', () => {
    const some = references.slice(0, 3).map((reference) => ({ ...reference, tag: 2 ** 32 - 1 }))
    const packed = packRows(some)
    expect(unpackRows(packed)).to.deep.equal(some)
    expect(packed.features.buffer).to.not.equal(some[0]?.features.buffer)
    expect(unpackRows(packRows([]))).to.deep.equal([])
  })
})
