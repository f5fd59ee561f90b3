import { expect } from 'chai'
import { FingerShardThread } from '../../../src/adapters/shards/finger-shard-thread.js'
import type { FingerFeatures } from '../../../src/engines/finger/features.js'
import { expectCode } from '../../support/errors.js'
import { anotherImpression, fingerReferences } from '../../support/finger/fingers.js'
import { CONTEXT, indexOver, localShards, MODEL, queryFor } from '../../support/finger/indexes.js'
import { COMMANDS } from '../../support/search/commands.js'

// Goal: finger shards in threads answer as those in this thread do; one that dies or hangs fails whoever waits, and never leaves
// a part of an answer. Method: real threads; one kind fails on command (see `commanded-finger-shard-worker.ts`).
const references = fingerReferences(300)
const probe = anotherImpression(references[0]!.minutiae, 1)
const REAL = new URL('../../../src/finger-shard-worker.js', import.meta.url)
const COMMANDED = new URL('../../support/finger/commanded-finger-shard-worker.js', import.meta.url)

function threads(entries: readonly URL[], silenceMsMax = 20_000): readonly FingerShardThread<FingerFeatures>[] {
  return entries.map((entry) => new FingerShardThread({ entry, silenceMsMax, workerData: MODEL }))
}

describe('FingerShardThread', () => {
  it('answers in an index as shards in this thread do, through changes', async () => {
    const local = await indexOver(references, localShards(2))
    const threaded = await indexOver(references, threads([REAL, REAL]))
    try {
      const late = { ...references[7]!, referenceId: 1_001, tag: 9 }
      for (const index of [local, threaded]) {
        await index.add([late])
        await index.remove([2, 3])
        await index.setTags([{ referenceId: 5, tag: 7 }])
      }
      for (const isExhaustive of [false, true]) {
        const query = queryFor(probe, { isExhaustive, countMax: 400 })
        expect(await threaded.search(query, CONTEXT)).to.deep.equal(await local.search(query, CONTEXT))
      }
      expect(await threaded.compare(probe, [1, 2, 1_001], CONTEXT)).to.deep.equal(
        await local.compare(probe, [1, 2, 1_001], CONTEXT),
      )
      expect(threaded.status).to.deep.equal(local.status)
      expect(references[0]?.minutiae.x).to.have.length(30) // a buffer that was handed over would be empty
    } finally {
      await threaded.close()
    }
  })

  // A thread starts within half a second of work; machines that run other things take a multiple of it.
  const silences = { exit: 20_000, fail: 20_000, hang: 8_000 } as const
  for (const name of ['exit', 'fail', 'hang'] as const)
    it(`fails while a thread is gone (${name}), asks to be loaded once, and is right again afterwards`, async () => {
      let loadNeededCount = 0
      const index = await indexOver(
        references.slice(0, 60),
        threads([COMMANDED, COMMANDED], silences[name]),
        () => loadNeededCount++,
      )
      try {
        const whole = await index.search(queryFor(probe), CONTEXT)
        const failing = index.compare(probe, [COMMANDS[name]], CONTEXT)
        const beside = Array.from({ length: 5 }, () => index.search(queryFor(probe), CONTEXT))
        await expectCode('UNAVAILABLE', failing)
        for (const answer of await Promise.allSettled(beside))
          if (answer.status === 'fulfilled') expect(answer.value).to.deep.equal(whole)
          else expect(answer.reason).to.have.property('code', 'UNAVAILABLE')
        await expectCode('UNAVAILABLE', index.search(queryFor(probe), CONTEXT))
        expect([loadNeededCount, index.status.state]).to.deep.equal([1, 'recovering'])
        await index.load()
        expect(await index.search(queryFor(probe), CONTEXT)).to.deep.equal(whole)
      } finally {
        await index.close()
      }
    })
})
