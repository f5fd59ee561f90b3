import { expect } from 'chai'
import { DomainError } from '../../../src/domain/errors.js'
import { tagSet, type ShardAnswer } from '../../../src/domain/search.js'
import { dot } from '../../../src/domain/template.js'
import { LocalShard } from '../../../src/engines/search/local-shard.js'
import type { VerifiedIndex } from '../../../src/engines/search/verified-index.js'
import { expectCode } from '../../support/errors.js'
import { oracle } from '../../support/search/oracle.js'
import { numbered, ReferenceList } from '../../support/search/reference-list.js'
import { CONTEXT, indexOver, localShards, searchFor } from '../../support/search/searches.js'
import { SkippingGraph } from '../../support/search/skipping-graph.js'
import { vectorsOf } from '../../support/search/vectors.js'

// Goal: the index never gives a part of the answer, whatever fails, and says what the graph missed. Method: real shards, one
// that can be made to fail, and a graph that misses on purpose; the oracle says what is right. (Exactness: exactness.test.ts.)
const FEATURE_COUNT = 64
const vectors = vectorsOf('identities', 1_200, FEATURE_COUNT, 1)
const probe = vectors[0]!

/** A shard that fails as long as it is told to. */
class FailingShard extends LocalShard {
  isFailing = false

  override async search(...query: Parameters<LocalShard['search']>): Promise<ShardAnswer> {
    if (this.isFailing) throw new DomainError('UNAVAILABLE', 'every shard of the index to answer', 'one that failed')
    return super.search(...query)
  }
}

async function expectRight(index: VerifiedIndex, list: ReferenceList): Promise<void> {
  for (const features of vectors.slice(0, 5)) {
    const search = searchFor(features)
    expect((await index.search(search, CONTEXT)).neighbours).to.deep.equal(oracle(list.all(), search))
  }
}

describe('VerifiedIndex', () => {
  it('refuses searches until it is loaded', async () => {
    const list = new ReferenceList(numbered(vectors))
    const index = indexOver(list, FEATURE_COUNT)
    expect((await expectCode('UNAVAILABLE', index.search(searchFor(probe), CONTEXT))).retryAfterMs).to.equal(2_000)
    const loading = index.load()
    await expectRight(index, list) // waits for it
    await loading
    expect([index.size, index.status.state, index.status.recoveryCount]).to.deep.equal([1_200, 'ready', 0])
  })

  it('refuses probes and references that are not finite, of another length or norm', async () => {
    const index = indexOver(new ReferenceList(numbered(vectors)), FEATURE_COUNT)
    await index.load()
    const holed = probe.with(3, NaN)
    for (const wrong of [
      holed,
      probe.slice(0, 63),
      new Float32Array(FEATURE_COUNT),
      probe.map((value) => value * 1.01),
    ]) {
      await expectCode('INVALID_ARGUMENT', index.search(searchFor(wrong), CONTEXT))
      await expectCode('INVALID_ARGUMENT', index.add(numbered([probe, wrong], () => 0, 5_000)))
    }
    for (const countMax of [0, -1, NaN]) {
      const failure: unknown = await index
        .search(searchFor(probe, { countMax }), CONTEXT)
        .catch((error: unknown) => error)
      expect(failure).to.be.instanceOf(RangeError)
    }
    expect([index.size, index.status.state]).to.deep.equal([1_200, 'ready'])
  })

  it('finds what was added, and no longer what was removed, at once', async () => {
    const list = new ReferenceList(numbered(vectors))
    const index = indexOver(list, FEATURE_COUNT, { shards: localShards(2) })
    await index.load()
    const [stranger] = vectorsOf('uniform', 1, FEATURE_COUNT, 2)
    const best = async () =>
      (await index.search(searchFor(stranger!, { countMax: 1, scoreMin: 0.99 }), CONTEXT)).neighbours
    expect(await best()).to.deep.equal([])
    list.put(numbered([stranger!], () => 0, 2_000))
    await index.add(numbered([stranger!], () => 0, 2_000))
    expect(await best()).to.deep.equal([{ referenceId: 2_000, score: dot(stranger!, stranger!) }])
    await index.remove([2_000])
    expect(await best()).to.deep.equal([]) // though the list still has it
    await expectRight(index, new ReferenceList(numbered(vectors)))
  })

  it('keeps to tags that change', async () => {
    const index = indexOver(new ReferenceList(numbered(vectors)), FEATURE_COUNT)
    await index.load()
    await index.setTags([{ referenceId: 42, tag: 9 }])
    const { neighbours } = await index.search(searchFor(probe, { tags: tagSet([9]) }), CONTEXT)
    expect(neighbours.map(({ referenceId }) => referenceId)).to.deep.equal([42])
  })

  it('fails a search when one shard fails, asks once to be loaded, and is right again afterwards', async () => {
    const list = new ReferenceList(numbered(vectors))
    const failing = new FailingShard()
    let loadNeededCount = 0
    const onLoadNeeded = () => loadNeededCount++
    const index = indexOver(list, FEATURE_COUNT, { shards: [...localShards(1), failing], onLoadNeeded })
    await index.load()
    failing.isFailing = true
    const together = Array.from({ length: 5 }, () => expectCode('UNAVAILABLE', index.search(searchFor(probe), CONTEXT)))
    await Promise.all(together)
    await expectCode('UNAVAILABLE', index.search(searchFor(probe), CONTEXT))
    expect([index.status.state, loadNeededCount]).to.deep.equal(['recovering', 1])
    failing.isFailing = false
    await expectCode('UNAVAILABLE', index.search(searchFor(probe), CONTEXT)) // only loading makes it whole
    const loading = index.load()
    await expectRight(index, list)
    await loading
    expect([index.status.state, index.status.recoveryCount, loadNeededCount]).to.deep.equal(['ready', 1, 1])
  })

  it('stays unusable when loading fails, and recovers by the next one', async () => {
    const list = new ReferenceList(numbered(vectors))
    const index = indexOver(list, FEATURE_COUNT)
    list.put([{ referenceId: -1, features: probe, tag: 0 }]) // no id
    const failure: unknown = await index.load().catch((error: unknown) => error)
    expect(failure).to.be.instanceOf(RangeError)
    await expectCode('UNAVAILABLE', index.search(searchFor(probe), CONTEXT))
    list.remove([-1])
    await index.load()
    await expectRight(index, list)
  })

  it('asks to be loaded when the rows outgrow the quantiser; the answers stay the same', async () => {
    const many = vectorsOf('identities', 5_000, FEATURE_COUNT, 3)
    const list = new ReferenceList(numbered(vectorsOf('mixed-range', 100, FEATURE_COUNT, 4).slice(1, 40)))
    let loadNeededCount = 0
    const index = indexOver(list, FEATURE_COUNT, { shards: localShards(2), onLoadNeeded: () => loadNeededCount++ })
    await index.load()
    const before = index.status.quantiser
    list.put(numbered(many, () => 0, 1_000))
    await index.add(numbered(many, () => 0, 1_000))
    expect(loadNeededCount).to.equal(1)
    await expectRight(index, list)
    const exceptionsBefore = index.status.shards.reduce((sum, { exceptionCount }) => sum + exceptionCount, 0)
    await index.load()
    expect(index.status.quantiser).to.not.deep.equal(before)
    const exceptions = index.status.shards.reduce((sum, { exceptionCount }) => sum + exceptionCount, 0)
    expect(exceptionsBefore).to.be.greaterThan(1_000)
    expect(exceptions).to.be.lessThan(60)
    await expectRight(index, list)
  })

  it('does not search for a caller who has left, or whose time is over', async () => {
    const index = indexOver(new ReferenceList(numbered(vectors)), FEATURE_COUNT)
    await index.load()
    const left = { ...CONTEXT, signal: AbortSignal.abort() }
    await expectCode('CANCELLED', index.search(searchFor(probe), left))
    await expectCode('DEADLINE_EXCEEDED', index.search(searchFor(probe), { ...CONTEXT, deadlineAtMs: Date.now() - 1 }))
  })
})

async function withGraph() {
  const list = new ReferenceList(numbered(vectors, (n) => (n % 4 === 0 ? 1 : 0)))
  const graph = new SkippingGraph(list)
  const index = indexOver(list, FEATURE_COUNT, { shards: localShards(2), graph })
  await index.load()
  const expected = oracle(list.all(), searchFor(probe))
  return { list, graph, index, expected }
}

describe('VerifiedIndex with a graph', () => {
  it('starts the graph once, on what the store holds', async () => {
    const { list, graph, index } = await withGraph()
    expect(graph.liveIds).to.deep.equal(list.all().map(({ referenceId }) => referenceId))
    list.remove([1])
    await index.load()
    expect(graph.liveIds).to.have.length(1_200)
  })

  it('confirms a right answer', async () => {
    const { graph, index, expected } = await withGraph()
    const { neighbours, mode, missedByGraphCount, coveredCount } = await index.search(searchFor(probe), CONTEXT)
    expect(neighbours).to.deep.equal(expected)
    expect([mode, missedByGraphCount, coveredCount, graph.broadenedCount]).to.deep.equal(['verified', 0, 1_200, 0])
    expect(index.status.audit).to.deep.equal({ checkedCount: 10, missedCount: 0, missRateUpper95: 0.3 })
  })

  it('adds what the graph missed, counts it, and has the graph search more broadly', async () => {
    const { graph, index, expected } = await withGraph()
    for (const n of [0, 4, 9]) graph.skipped.add(expected[n]!.referenceId)
    const { neighbours, missedByGraphCount } = await index.search(searchFor(probe), CONTEXT)
    expect(neighbours).to.deep.equal(expected)
    expect([missedByGraphCount, graph.broadenedCount]).to.deep.equal([3, 1])
    expect(index.status.audit).to.include({ checkedCount: 10, missedCount: 3 })
  })

  it('is exact whatever the graph misses', async () => {
    const { list, graph, index } = await withGraph()
    for (let id = 1; id <= 1_200; id += 1 + (id % 3)) graph.skipped.add(id)
    for (const [n, features] of vectors.slice(0, 200).entries()) {
      const search = searchFor(features, { countMax: 1 + (n % 30), scoreMin: n % 2 === 0 ? -2 : 0.6 })
      const { neighbours, mode } = await index.search(search, CONTEXT)
      expect(mode).to.equal('verified')
      expect(neighbours).to.deep.equal(oracle(list.all(), search))
    }
  })

  it('compares what the graph does not cover, and blames it for none of that', async () => {
    const { graph, index, expected } = await withGraph()
    for (const { referenceId } of expected.slice(0, 3)) graph.notCovered.add(referenceId)
    for (const mode of ['verified', 'hnsw'] as const) {
      const result = await index.search(searchFor(probe, { mode }), CONTEXT)
      expect(result.neighbours).to.deep.equal(expected)
      expect([result.mode, result.missedByGraphCount]).to.deep.equal([mode, 0])
    }
    expect(graph.broadenedCount).to.equal(0)
  })

  it('takes neither ties nor what a scope left out for misses', async () => {
    const same = Array.from({ length: 50 }, () => probe)
    const list = new ReferenceList(numbered([...same, ...vectors.slice(5)], (n) => (n < 21 ? 1 : 0)))
    const graph = new SkippingGraph(list)
    const index = indexOver(list, FEATURE_COUNT, { graph })
    await index.load()
    graph.skipped.add(1) // one of 50 duplicates: the graph finds another in its place
    const tied = await index.search(searchFor(probe), CONTEXT)
    expect(tied.neighbours.map(({ referenceId }) => referenceId)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(tied.missedByGraphCount).to.equal(0)
    // The ten best of all are out of scope; the best in it were not asked for.
    const scope = { tags: tagSet([0]), accept: (id: number) => id > 21, acceptedCount: list.size - 21 }
    const scoped = await index.search(searchFor(probe, scope), CONTEXT)
    expect(scoped.mode).to.equal('verified')
    expect(scoped.neighbours).to.deep.equal(oracle(list.all(), searchFor(probe, scope)))
    expect([scoped.missedByGraphCount, graph.broadenedCount]).to.deep.equal([0, 0])
  })

  it('gives the answer of the graph alone when asked to, misses and all, and repeats one in twenty exactly', async () => {
    const { graph, index, expected } = await withGraph()
    graph.skipped.add(expected[0]!.referenceId)
    const search = searchFor(probe, { mode: 'hnsw', countMax: 9 })
    const { neighbours, mode, scoreBound } = await index.search(search, CONTEXT)
    expect(neighbours).to.deep.equal(expected.slice(1, 10))
    expect([mode, scoreBound]).to.deep.equal(['hnsw', null])
    for (let n = 2; n <= 19; n++) await index.search(search, CONTEXT)
    expect(index.status.audit.checkedCount).to.equal(0)
    await index.search(search, CONTEXT)
    await new Promise((resolve) => setImmediate(resolve)) // nobody waits for the audit
    expect(index.status.audit).to.include({ checkedCount: 9, missedCount: 1 })
    expect(graph.broadenedCount).to.equal(1)
  })

  it('searches exactly without a ready graph, in a narrow scope, with too much uncovered, or when asked to', async () => {
    const { list, graph, index, expected } = await withGraph()
    const modeOf = async (...wishes: Parameters<typeof searchFor>) =>
      (await index.search(searchFor(...wishes), CONTEXT)).mode
    expect(await modeOf(probe, { mode: 'exact' })).to.equal('exact')
    const narrow = { tags: tagSet([1]), accept: (id: number) => id % 4 === 1, acceptedCount: 300 }
    expect(await modeOf(probe, narrow)).to.equal('exact')
    expect(await modeOf(probe, { ...narrow, mode: 'hnsw' })).to.equal('exact')
    expect(await modeOf(probe)).to.equal('verified')
    for (let id = 1; id <= 2_001; id++) graph.notCovered.add(id)
    expect(await modeOf(probe, { mode: 'hnsw' })).to.equal('exact')
    graph.notCovered.clear()
    for (const state of ['building', 'down'] as const) {
      graph.state = state
      expect(await modeOf(probe, { mode: 'hnsw' })).to.equal('exact')
    }
    expect((await index.search(searchFor(probe), CONTEXT)).neighbours).to.deep.equal(expected)
    expect(list.size).to.equal(1_200)
  })

  it('waits for a loading that begins while the graph is asked: half an index is not an answer', async () => {
    const { list, graph, index, expected } = await withGraph()
    let loading: Promise<void> | undefined
    graph.meanwhile = () => {
      loading ??= index.load()
    }
    for (const { referenceId } of expected) graph.skipped.add(referenceId)
    expect((await index.search(searchFor(probe), CONTEXT)).neighbours).to.deep.equal(
      oracle(list.all(), searchFor(probe)),
    )
    await loading
  })
})
