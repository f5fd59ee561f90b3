import { expect } from 'chai'
import { tagSet } from '../../../src/domain/search.js'
import { dot } from '../../../src/domain/template.js'
import { ExactShard, FEATURE_COUNT_MAX, QUERIES_MAX } from '../../../src/engines/search/exact-shard.js'
import { instantiateKernel, scalarKernel } from '../../../src/engines/search/kernel.js'
import { chooseQuantiser } from '../../../src/engines/search/quantiser.js'
import { oracle } from '../../support/search/oracle.js'
import { numbered } from '../../support/search/reference-list.js'
import { queryFor } from '../../support/search/searches.js'
import { vectorsOf } from '../../support/search/vectors.js'

// Goal: a shard leaves out only rows that cannot belong to the answer, and few others stay in. Method: the oracle's answer
// must be among what the shard gives; counts that a reader can check.
const FEATURE_COUNT = 64

function newMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 4, maximum: 1024 })
}

/** A shard that holds references 1, 2, 3 …, reference n with tag n % 10, and the memory that it lives in. */
function shardOf(vectors: readonly Float32Array[], kernel = instantiateKernel) {
  const memory = newMemory()
  const featureCount = vectors[0]?.length ?? FEATURE_COUNT
  const shard = new ExactShard(featureCount, memory, kernel(memory), chooseQuantiser(vectors))
  const references = numbered(vectors, (n) => (n + 1) % 10)
  for (const { referenceId, features, tag } of references) shard.add(referenceId, features, tag)
  return { shard, references, memory }
}

const sorted = (ids: Float64Array): readonly number[] => [...ids].sort((a, b) => a - b)

describe('ExactShard', () => {
  it('gives every row of the true answer, over several chunks of rows, and few others', () => {
    const vectors = vectorsOf('identities', 10_001, FEATURE_COUNT, 1)
    const { shard, references } = shardOf(vectors)
    for (const probe of vectors.slice(0, 40)) {
      const { referenceIds, coveredCount } = shard.search(queryFor(probe))
      const ids = new Set(referenceIds)
      const expected = oracle(references, { probe, countMax: 10, scoreMin: -2, tags: null })
      expect(expected.every(({ referenceId }) => ids.has(referenceId))).to.equal(true)
      expect(coveredCount).to.equal(10_001)
      expect(ids.size).to.be.at.most(200) // of 10,001; some tens, and the exceptions
    }
  })

  it('gives scanned scores within the bound, +Infinity for exceptions', () => {
    const vectors = vectorsOf('heavy-tailed', 3_000, FEATURE_COUNT, 2)
    const { shard } = shardOf(vectors)
    const probe = vectors[17]!
    const { referenceIds, scanned, bound } = shard.search(queryFor(probe, { countMax: 3_000 }))
    expect(sorted(referenceIds)).to.deep.equal(vectors.map((_, n) => n + 1))
    expect(scanned.filter((score) => score === Infinity)).to.have.length(shard.exceptionCount)
    expect(shard.exceptionCount).to.be.within(1, 3_000 * 0.005)
    for (const [i, score] of scanned.entries())
      if (score !== Infinity) expect(Math.abs(score - dot(probe, vectors[referenceIds[i]! - 1]!))).to.be.at.most(bound)
  })

  it('judges an exception by its own bound: it comes with the answer only where it may belong to it', () => {
    const gentle = vectorsOf('uniform', 4_000, FEATURE_COUNT, 8)
    const { shard, references } = shardOf(gentle)
    const wild = numbered(vectorsOf('heavy-tailed', 400, FEATURE_COUNT, 9), () => 0, gentle.length + 1)
    for (const { referenceId, features, tag } of wild) shard.add(referenceId, features, tag)
    expect(shard.exceptionCount).to.be.at.least(200) // the quantiser was chosen without them

    let sentCount = 0
    for (const probe of [...gentle.slice(0, 20), ...wild.slice(0, 20).map(({ features }) => features)]) {
      const wishes = { probe, countMax: 10, scoreMin: -2, tags: null }
      const ids = new Set(shard.search(queryFor(probe)).referenceIds)
      const expected = oracle([...references, ...wild], wishes)
      expect(expected.every(({ referenceId }) => ids.has(referenceId))).to.equal(true)
      sentCount += ids.size
    }
    expect(sentCount / 40).to.be.at.most(150) // of 4,400, with at least 200 exceptions among them
  })

  it('gives the same with the scalar kernel', () => {
    const vectors = vectorsOf('identities', 999, 100, 3) // 100 features: 28 zeros of padding
    const [fast, plain] = [shardOf(vectors).shard, shardOf(vectors, scalarKernel).shard]
    for (const probe of vectors.slice(0, 20))
      expect(fast.search(queryFor(probe))).to.deep.equal(plain.search(queryFor(probe)))
  })

  it('answers 16 queries in one pass as it answers them one by one', () => {
    const vectors = vectorsOf('identities', 9_000, FEATURE_COUNT, 4)
    const { shard } = shardOf(vectors)
    const queries = vectors.slice(0, QUERIES_MAX).map((probe, n) =>
      queryFor(probe, {
        countMax: n + 1,
        scoreMin: n % 2 === 0 ? -2 : 0.5,
        tags: n % 3 === 0 ? tagSet([n % 10]) : null,
      }),
    )
    expect(shard.searchAll(queries)).to.deep.equal(queries.map((query) => shard.search(query)))
    expect(shard.searchAll([])).to.deep.equal([])
    expect(() => shard.searchAll([...queries, queries[0]!])).to.throw(RangeError, '16')
  })

  it('keeps to the tags as they are now', () => {
    const { shard } = shardOf(vectorsOf('uniform', 100, FEATURE_COUNT, 5))
    const [probe] = vectorsOf('uniform', 1, FEATURE_COUNT, 6)
    const inTag3 = () => sorted(shard.search(queryFor(probe!, { countMax: 100, tags: tagSet([3]) })).referenceIds)
    expect(inTag3()).to.deep.equal([3, 13, 23, 33, 43, 53, 63, 73, 83, 93])
    expect([shard.setTag(13, 4), shard.setTag(5, 3), shard.setTag(1000, 3)]).to.deep.equal([true, true, false])
    expect(inTag3()).to.deep.equal([3, 5, 23, 33, 43, 53, 63, 73, 83, 93])
  })

  it('keeps to the tags and forgets the removed among the exceptions, too', () => {
    const memory = newMemory()
    const quantiser = { step: 0.001, errorMax: 0 } // everything clips
    const shard = new ExactShard(FEATURE_COUNT, memory, instantiateKernel(memory), quantiser)
    const vectors = vectorsOf('one-hot', 20, FEATURE_COUNT, 7)
    vectors.forEach((features, n) => shard.add(n + 1, features, n % 2))
    expect(shard.exceptionCount).to.equal(20)
    shard.remove(2)
    shard.remove(20)
    const { referenceIds, scanned } = shard.search(queryFor(vectors[0]!, { countMax: 1, tags: tagSet([1]) }))
    expect(sorted(referenceIds)).to.deep.equal([4, 6, 8, 10, 12, 14, 16, 18])
    expect(new Set(scanned)).to.deep.equal(new Set([Infinity]))
  })

  it('leaves no code of a removed row in memory', () => {
    const { shard, memory } = shardOf(vectorsOf('uniform', 9, FEATURE_COUNT, 8))
    const codesIn = () => new Int8Array(memory.buffer).reduce((count, code) => count + (code === 0 ? 0 : 1), 0)
    expect(codesIn()).to.be.greaterThan(400) // 9 × 64, but for the codes that are 0
    for (let id = 1; id <= 9; id++) expect(shard.remove(id)).to.equal(true)
    expect(shard.remove(1)).to.equal(false)
    expect(codesIn()).to.equal(0)
    expect([shard.size, shard.has(1)]).to.deep.equal([0, false])
  })

  it('finds a reference that came back', () => {
    const vectors = vectorsOf('uniform', 50, FEATURE_COUNT, 9)
    const { shard } = shardOf(vectors)
    shard.remove(7)
    shard.add(7, vectors[7]!, 0)
    expect([shard.size, shard.has(7)]).to.deep.equal([50, true])
    const { referenceIds } = shard.search(queryFor(vectors[7]!, { countMax: 1, scoreMin: 0.9 }))
    expect(sorted(referenceIds)).to.deep.equal([7, 8]) // now the same features
  })

  it('takes up to 2,048 features, and refuses more: their probes would not fit', () => {
    const vectors = vectorsOf('identities', 20, FEATURE_COUNT_MAX, 10)
    const { shard, references } = shardOf(vectors)
    const answers = shard.searchAll(vectors.slice(0, QUERIES_MAX).map((probe) => queryFor(probe, { countMax: 1 })))
    answers.forEach(({ referenceIds }, n) => {
      const [best] = oracle(references, { probe: vectors[n]!, countMax: 1, scoreMin: -2, tags: null })
      expect([...referenceIds]).to.include(best!.referenceId)
    })
    const memory = newMemory()
    const quantiser = { step: 1, errorMax: 1 }
    expect(() => new ExactShard(2049, memory, instantiateKernel(memory), quantiser)).to.throw(RangeError, '2048')
  })

  it('takes about as much memory as the codes: 64 bytes of code in 84 at 100,000 rows of 64 features', () => {
    const [features] = vectorsOf('uniform', 1, FEATURE_COUNT, 11)
    const { shard } = shardOf([features!])
    for (let id = 2; id <= 100_000; id++) shard.add(id, features!, 0)
    expect(shard.bytes / 100_000).to.be.within(76, 130)
  })
})
