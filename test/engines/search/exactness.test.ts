import { expect } from 'chai'
import { tagSet, type IndexSearch } from '../../../src/domain/search.js'
import { dot } from '../../../src/domain/template.js'
import type { VerifiedIndex } from '../../../src/engines/search/verified-index.js'
import { mulberry32 } from '../../support/random-vectors.js'
import { oracle } from '../../support/search/oracle.js'
import { numbered, ReferenceList } from '../../support/search/reference-list.js'
import { CONTEXT, indexOver, localShards, searchFor } from '../../support/search/searches.js'
import {
  add,
  MANNERS,
  normals,
  oneHot,
  unit,
  vectorsOf,
  type Manner,
  type Random,
} from '../../support/search/vectors.js'

// Goal: the index gives the ids and the scores of comparing everything, to the last bit: a missed person is the worst error.
// Method: 20,000 seeded searches of every kind over data of every manner, each through 1, 2 and 3 shards. Every other world
// holds more rows than the quantiser needs for its quantiles, so that there are exceptions.
const FEATURE_COUNTS = [64, 128, 256, 512] as const
const SEARCHES_PER_WORLD = 625 // × 4 dimensions × 8 manners = 20,000
const SHARD_COUNTS = [1, 2, 3] as const
const RARE_TAG = 31
const UNUSED_TAG = 40

interface World {
  readonly list: ReferenceList
  readonly indexes: readonly VerifiedIndex[]
  readonly random: Random
}

/** References of one manner, one in ten removed again, one in ten added after loading, one with a tag of its own. */
async function worldOf(manner: Manner, featureCount: number, count: number, seed: number): Promise<World> {
  const references = numbered(vectorsOf(manner, count, featureCount, seed), (n) => (n === 123 ? RARE_TAG : n % 10))
  const late = references.filter((_, n) => n % 10 === 4)
  const removed = references.filter((_, n) => n % 10 === 7).map(({ referenceId }) => referenceId)
  const list = new ReferenceList(references.filter((_, n) => n % 10 !== 4))
  const indexes = SHARD_COUNTS.map((shards) => indexOver(list, featureCount, { shards: localShards(shards) }))
  for (const index of indexes) await index.load()
  list.put(late)
  list.remove(removed)
  for (const index of indexes) {
    await index.add(late) // before the greatest id: strays, all but a few of them
    await index.remove(removed)
  }
  return { list, indexes, random: mulberry32(seed) }
}

function pick<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(random() * items.length)]!
}

function probeNear(features: Float32Array, random: Random): Float32Array {
  const kinds: readonly (() => Float32Array)[] = [
    () => features,
    () => unit(add(features, unit(normals(features.length, random)), 0.3 + random())),
    () => unit(normals(features.length, random)),
    () => unit(oneHot(features.length, random)),
    () => features.map((value) => -value),
    () => features.map((value) => value * 1.0009), // the edge of what `checkFeatures` takes
  ]
  return pick(kinds, random)()
}

/** A search of any breadth, threshold (also one that is exactly the score of a reference) and scope. */
function anySearch(list: ReferenceList, random: Random): IndexSearch {
  const rows = list.all()
  const probe = probeNear(pick(rows, random).features, random)
  const tags = pick([null, null, [RARE_TAG], [3], [0, 1, 2, 5, 8], [UNUSED_TAG], []], random)
  return searchFor(probe, {
    countMax: pick([1, 2, 10, 10, 50, rows.length, rows.length + 7], random),
    scoreMin: pick([-2, -2, dot(probe, pick(rows, random).features), random(), 0.9], random),
    tags: tags === null ? null : tagSet(tags),
  })
}

async function expectExact(indexes: readonly VerifiedIndex[], list: ReferenceList, search: IndexSearch): Promise<void> {
  const expected = oracle(list.all(), search)
  for (const index of indexes) {
    const { neighbours, mode, coveredCount } = await index.search(search, CONTEXT)
    // Comparing the texts of 20,000 long lists takes a tenth of what chai's deep equality takes.
    if (JSON.stringify(neighbours) !== JSON.stringify(expected)) expect(neighbours).to.deep.equal(expected)
    expect([mode, coveredCount]).to.deep.equal(['exact', list.size])
  }
}

describe('The exact search', function () {
  this.timeout(120_000)

  for (const featureCount of FEATURE_COUNTS)
    for (const [i, manner] of MANNERS.entries())
      it(`misses nobody: ${manner}, ${featureCount} features`, async () => {
        const isLarge = (i + FEATURE_COUNTS.indexOf(featureCount)) % 2 === 0
        const { list, indexes, random } = await worldOf(manner, featureCount, isLarge ? 2_300 : 300, featureCount + i)
        for (let n = 0; n < SEARCHES_PER_WORLD; n++) await expectExact(indexes, list, anySearch(list, random))
      })

  it('finds the one of 10,000 that the scope holds', async () => {
    const vectors = vectorsOf('identities', 10_000, 64, 1)
    const list = new ReferenceList(numbered(vectors, (n) => (n === 7_777 ? 5 : 0)))
    const index = indexOver(list, 64, { shards: localShards(2) })
    await index.load()
    const tags = tagSet([5])
    for (const probe of vectors.slice(0, 50)) {
      const { neighbours } = await index.search(searchFor(probe, { tags }), CONTEXT)
      expect(neighbours).to.deep.equal([{ referenceId: 7_778, score: dot(probe, vectors[7_777]!) }])
    }
  })

  it('orders thousands of duplicates by id, and finds the others behind them', async () => {
    const others = vectorsOf('identities', 1_000, 128, 2)
    const [same] = others
    const list = new ReferenceList(numbered([...Array.from({ length: 5_000 }, () => same!), ...others]))
    const indexes = SHARD_COUNTS.map((shards) => indexOver(list, 128, { shards: localShards(shards) }))
    for (const index of indexes) await index.load()
    for (const countMax of [1, 10, 4_999, 5_001, 5_003])
      await expectExact(indexes, list, searchFor(same!, { countMax }))
    for (const probe of others.slice(1, 20)) await expectExact(indexes, list, searchFor(probe))
  })

  it('answers about nobody and about one, and when all were removed', async () => {
    const vectors = vectorsOf('uniform', 3, 64, 3)
    const list = new ReferenceList()
    const indexes = SHARD_COUNTS.map((shards) => indexOver(list, 64, { shards: localShards(shards) }))
    const everything = searchFor(vectors[0]!)
    for (const index of indexes) await index.load()
    await expectExact(indexes, list, everything)
    list.put(numbered(vectors.slice(1, 2)))
    for (const index of indexes) await index.add(list.all())
    await expectExact(indexes, list, everything)
    list.remove([1])
    for (const index of indexes) await index.remove([1])
    await expectExact(indexes, list, everything)
    for (const index of indexes) await index.load()
    await expectExact(indexes, list, everything)
  })
})
