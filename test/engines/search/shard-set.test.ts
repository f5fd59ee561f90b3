import { expect } from 'chai'
import type { ReferenceSource, ShardAnswer } from '../../../src/domain/search.js'
import { SAMPLE_MIN } from '../../../src/engines/search/quantiser.js'
import { ShardSet } from '../../../src/engines/search/shard-set.js'
import { expectCode } from '../../support/errors.js'
import { numbered, ReferenceList } from '../../support/search/reference-list.js'
import { localShards, queryFor } from '../../support/search/searches.js'
import { vectorsOf } from '../../support/search/vectors.js'

// Goal: the shards together hold every reference once, under a quantiser that fits. Method: real shards in this thread.
const FEATURE_COUNT = 64
const flat = vectorsOf('mixed-range', 50, FEATURE_COUNT, 1)[1]! // every component ±1/8
const hot = vectorsOf('one-hot', 1, FEATURE_COUNT, 2)[0]!

function repeated(features: Float32Array, count: number): readonly Float32Array[] {
  return Array.from({ length: count }, () => features)
}

async function loaded(source: ReferenceSource, shardCount = 1): Promise<ShardSet> {
  const set = new ShardSet(FEATURE_COUNT, localShards(shardCount))
  await set.load(source)
  return set
}

const idsOf = (answers: readonly ShardAnswer[]) =>
  answers.flatMap(({ referenceIds }) => [...referenceIds]).sort((a, b) => a - b)

describe('ShardSet', () => {
  it('holds every reference in one shard, about equally many in each', async () => {
    const list = new ReferenceList(numbered(vectorsOf('uniform', 1_000, FEATURE_COUNT, 3)))
    const set = new ShardSet(FEATURE_COUNT, localShards(3))
    expect(await set.load(list)).to.deep.equal(list.all().map(({ referenceId }) => referenceId))
    expect(set.statuses.map(({ rowCount }) => rowCount)).to.deep.equal([333, 334, 333])
    const answers = await set.search(queryFor(flat, { countMax: 1_000 }))
    expect(idsOf(answers)).to.deep.equal(list.all().map(({ referenceId }) => referenceId))
    expect(answers.map(({ coveredCount }) => coveredCount)).to.deep.equal([333, 334, 333])
  })

  it('sends changes to the shard that holds the reference', async () => {
    const set = await loaded(new ReferenceList(numbered(repeated(flat, 9))), 3)
    await set.remove([1, 5, 9, 77])
    await set.add(numbered([flat], () => 7, 10))
    await set.setTags([{ referenceId: 2, tag: 7 }])
    expect(set.size).to.equal(7)
    const tags = Uint8Array.of(1 << 7)
    expect(idsOf(await set.search(queryFor(flat, { tags })))).to.deep.equal([2, 10])
  })

  it('starts empty, and takes its first references later', async () => {
    const set = await loaded(new ReferenceList(), 2)
    expect([set.size, set.quantiser]).to.deep.equal([0, null])
    expect(await set.search(queryFor(flat))).to.deep.equal([])
    await set.remove([1])
    await set.add(numbered([flat]))
    expect(idsOf(await set.search(queryFor(flat)))).to.deep.equal([1])
  })

  it('forgets what it held when it is loaded again', async () => {
    const list = new ReferenceList(numbered(repeated(flat, 10)))
    const set = await loaded(list, 2)
    list.remove([1, 2, 3])
    await set.load(list)
    expect(idsOf(await set.search(queryFor(flat)))).to.deep.equal([4, 5, 6, 7, 8, 9, 10])
    list.remove([4, 5, 6, 7, 8, 9, 10])
    await set.load(list)
    expect([set.size, await set.search(queryFor(flat))]).to.deep.equal([0, []])
  })

  it('refuses searches before and while it reads, and after reading failed: part of the rows is not an answer', async () => {
    const list = new ReferenceList(numbered(vectorsOf('uniform', 6_000, FEATURE_COUNT, 4)))
    const set = new ShardSet(FEATURE_COUNT, localShards(2))
    await expectCode('UNAVAILABLE', set.search(queryFor(flat)))
    let searchesWhileReading = 0
    const source: ReferenceSource = {
      features: (ids) => list.features(ids),
      async *rows() {
        for await (const chunk of list.rows()) {
          yield chunk
          await expectCode('UNAVAILABLE', set.search(queryFor(flat)))
          searchesWhileReading++
        }
      },
    }
    await set.load(source)
    expect(searchesWhileReading).to.equal(6)
    expect(idsOf(await set.search(queryFor(flat, { countMax: 6_000 })))).to.have.length(6_000)
    const broken: ReferenceSource = {
      features: (ids) => list.features(ids),
      async *rows() {
        yield list.all().slice(0, 5_000)
        throw new Error('the disk is gone')
      },
    }
    const failure = await set.load(broken).then(
      () => null,
      (error: unknown) => error,
    )
    expect(failure).to.have.property('message', 'the disk is gone')
    await expectCode('UNAVAILABLE', set.search(queryFor(flat)))
  })

  it('has outgrown a quantiser that was chosen from few rows, once there are many', async () => {
    const set = await loaded(new ReferenceList(numbered(repeated(flat, SAMPLE_MIN - 1))))
    expect(set.isOutgrown).to.equal(false)
    await set.add(numbered(repeated(flat, SAMPLE_MIN), () => 0, SAMPLE_MIN))
    expect([set.size, set.isOutgrown]).to.deep.equal([4_095, false])
    await set.add(numbered([flat], () => 0, 5_000))
    expect(set.isOutgrown).to.equal(true)
  })

  it('has outgrown its quantiser when too many rows are exceptions', async () => {
    const set = await loaded(new ReferenceList(numbered(repeated(flat, 4_096))))
    await set.add(numbered(repeated(hot, 64), () => 0, 5_000))
    expect(set.isOutgrown).to.equal(false)
    await set.add(numbered([hot], () => 0, 6_000))
    expect(set.isOutgrown).to.equal(true)
  })

  it('does not ask again and again for a loading that would leave the same exceptions', async () => {
    // The quantiser is chosen from the first rows: these 100 behind them stay exceptions.
    const list = new ReferenceList(numbered([...repeated(flat, 5_000), ...repeated(hot, 100)]))
    const set = await loaded(list)
    expect(set.statuses[0]?.exceptionCount).to.equal(100)
    expect(set.isOutgrown).to.equal(false)
    await set.add(numbered(repeated(hot, 100), () => 0, 6_000))
    expect(set.isOutgrown).to.equal(false)
    await set.add(numbered([hot], () => 0, 7_000))
    expect(set.isOutgrown).to.equal(true)
  })
})
