import { expect } from 'chai'
import { ShardThread } from '../../../src/adapters/shards/shard-thread.js'
import type { Shard } from '../../../src/domain/search.js'
import { LocalShard } from '../../../src/engines/search/local-shard.js'
import { chooseQuantiser } from '../../../src/engines/search/quantiser.js'
import { expectCode } from '../../support/errors.js'
import { COMMANDS } from '../../support/search/commands.js'
import { oracle } from '../../support/search/oracle.js'
import { numbered, ReferenceList } from '../../support/search/reference-list.js'
import { CONTEXT, indexOver, queryFor, searchFor } from '../../support/search/searches.js'
import { vectorsOf } from '../../support/search/vectors.js'

// Goal: a shard in a thread answers as one in this thread does; a thread that dies or hangs is told to everyone who waits, and
// replaced. Method: real threads; one kind fails on command (see `commanded-shard-worker.ts`).
const FEATURE_COUNT = 64
const vectors = vectorsOf('identities', 1_000, FEATURE_COUNT, 1)
const references = numbered(vectors, (n) => n % 3)
const quantiser = chooseQuantiser(vectors)
const probe = vectors[0]!
const REAL = new URL('../../../src/shard-worker.js', import.meta.url)
const COMMANDED = new URL('../../support/search/commanded-shard-worker.js', import.meta.url)
const CANNOT_START = new URL('../../support/search/failing-shard-worker.js', import.meta.url)

/** Runs a test on a thread of its own, which is closed afterwards. */
function withThread(entry: URL, silenceMsMax: number, test: (shard: ShardThread) => Promise<void>) {
  return async () => {
    const shard = new ShardThread({ entry, silenceMsMax })
    try {
      await test(shard)
    } finally {
      await shard.close()
    }
  }
}

async function fill(shard: Shard): Promise<void> {
  await shard.open(FEATURE_COUNT, quantiser)
  await shard.add(references)
}

const command = (name: keyof typeof COMMANDS) => queryFor(probe, { countMax: COMMANDS[name] })

describe('ShardThread', () => {
  it(
    'answers as a shard in this thread does, through changes',
    withThread(REAL, 5_000, async (shard) => {
      const local = new LocalShard()
      await fill(local)
      await fill(shard)
      const changes: readonly ((of: Shard) => Promise<unknown>)[] = [
        (of) => of.remove([1, 2, 3, 4_711]),
        (of) => of.add(numbered(vectors.slice(0, 2), () => 2, 2_000)),
        (of) => of.setTags([{ referenceId: 10, tag: 5 }]),
        (of) => of.add([]),
      ]
      for (const change of changes) {
        expect(await change(shard)).to.deep.equal(await change(local))
        const queries = vectors.slice(0, 40).map((features, n) => queryFor(features, { countMax: 1 + n }))
        const answers = await Promise.all(queries.map((query) => shard.search(query)))
        expect(answers).to.deep.equal(await Promise.all(queries.map((query) => local.search(query))))
      }
    }),
  )

  it(
    'leaves the features of the caller alone',
    withThread(REAL, 5_000, async (shard) => {
      await fill(shard)
      expect(references[0]?.features).to.have.length(FEATURE_COUNT) // a buffer that was handed over would be empty
    }),
  )

  for (const name of ['exit', 'fail', 'hang'] as const)
    it(
      `tells everyone who waits when the thread falls over (${name}), and works again once it is opened`,
      withThread(COMMANDED, 2_000, async (shard) => {
        await fill(shard)
        const startMs = performance.now()
        const first = shard.search(command(name))
        const behind = Array.from({ length: 20 }, () => shard.search(command(name)))
        const change = shard.remove([1])
        for (const call of [first, ...behind, change]) {
          const { got, retryAfterMs } = await expectCode('UNAVAILABLE', call)
          expect(got).to.match(/^one that (failed|ended|did not answer in time)$/)
          expect(retryAfterMs).to.be.greaterThan(0)
        }
        expect(performance.now() - startMs).to.be.lessThan(5_000)
        await expectCode('UNAVAILABLE', shard.search(queryFor(probe))) // it would be an empty one
        await fill(shard)
        expect((await shard.search(queryFor(probe))).coveredCount).to.equal(1_000)
      }),
    )

  it(
    'notices a thread that crashes outside of any call',
    withThread(COMMANDED, 5_000, async (shard) => {
      await fill(shard)
      const whole = await shard.search(command('crash')) // answered before the crash
      expect(whole.coveredCount).to.equal(1_000)
      let failure: unknown = null
      for (let n = 0; n < 1_000 && failure === null; n++)
        await shard.search(queryFor(probe)).catch((error: unknown) => (failure = error))
      expect(failure).to.have.property('code', 'UNAVAILABLE')
      await fill(shard)
      expect((await shard.search(queryFor(probe))).coveredCount).to.equal(1_000)
    }),
  )

  it(
    'does not take a long queue for silence',
    withThread(COMMANDED, 1_500, async (shard) => {
      await fill(shard)
      const queue: Promise<unknown>[] = []
      for (let n = 0; n < 20; n++) queue.push(shard.search(command('dawdle')), shard.setTags([])) // 2 s, answered one by one
      expect(await Promise.all(queue)).to.have.length(40)
    }),
  )

  it(
    'refuses calls beyond a thousand that wait, and stays whole',
    withThread(REAL, 5_000, async (shard) => {
      await fill(shard)
      const calls = Array.from({ length: 1_001 }, () => shard.search(queryFor(probe, { countMax: 1 })))
      const settled = await Promise.allSettled(calls)
      const codes = settled.flatMap((result) =>
        result.status === 'rejected' ? [(result.reason as { code: string }).code] : [],
      )
      expect(codes).to.deep.equal(['OVERLOADED'])
      expect((await shard.search(queryFor(probe))).coveredCount).to.equal(1_000)
    }),
  )

  it('fails to open when the thread cannot start', async () => {
    const shard = new ShardThread({ entry: CANNOT_START, silenceMsMax: 5_000 })
    for (let n = 0; n < 2; n++) await expectCode('UNAVAILABLE', shard.open(FEATURE_COUNT, quantiser))
    await shard.close()
  })

  it('answers what waits when it is closed, and refuses what comes later', async () => {
    const shard = new ShardThread({ entry: REAL, silenceMsMax: 5_000 })
    await fill(shard)
    const before = Array.from({ length: 20 }, () => shard.search(queryFor(probe)))
    const closing = shard.close()
    const after = shard.search(queryFor(probe))
    const refused = expectCode('UNAVAILABLE', after)
    for (const { coveredCount } of await Promise.all(before)) expect(coveredCount).to.equal(1_000)
    await closing
    await refused
    await expectCode('UNAVAILABLE', shard.search(queryFor(probe)))
    await shard.close()
  })

  it('closes a thread that hangs, within the silence', async () => {
    const shard = new ShardThread({ entry: COMMANDED, silenceMsMax: 1_500 })
    await fill(shard)
    const hanging = expectCode('UNAVAILABLE', shard.search(command('hang')))
    await shard.close()
    await hanging
  })
})

describe('VerifiedIndex over threads', () => {
  it('fails while a thread is gone, never gives a part, and is right again after loading', async () => {
    const list = new ReferenceList(references)
    const shards = [REAL, COMMANDED].map((entry) => new ShardThread({ entry, silenceMsMax: 2_000 }))
    let loadNeededCount = 0
    const index = indexOver(list, FEATURE_COUNT, { shards, onLoadNeeded: () => loadNeededCount++ })
    await index.load()
    const search = searchFor(probe)
    const expected = oracle(list.all(), search)
    try {
      for (const name of ['exit', 'hang', 'fail'] as const) {
        expect((await index.search(search, CONTEXT)).neighbours).to.deep.equal(expected)
        const failing = index.search(searchFor(probe, { countMax: COMMANDS[name] }), CONTEXT)
        const beside = index.search(searchFor(vectors[1]!), CONTEXT) // answered before the fall, or not at all
        await expectCode('UNAVAILABLE', failing)
        const answer = await beside.catch((error: unknown) => error)
        if (answer instanceof Error) expect(answer).to.have.property('code', 'UNAVAILABLE')
        else expect(answer).to.have.deep.property('neighbours', oracle(list.all(), searchFor(vectors[1]!)))
        await expectCode('UNAVAILABLE', index.search(search, CONTEXT))
        await index.load()
      }
      expect((await index.search(search, CONTEXT)).neighbours).to.deep.equal(expected)
      expect([loadNeededCount, index.status.recoveryCount]).to.deep.equal([3, 3])
    } finally {
      await index.close()
    }
  })
})
