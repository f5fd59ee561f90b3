import { expect } from 'chai'
import type { Neighbour } from '../../../src/domain/search.js'
import { dot } from '../../../src/domain/template.js'
import { ExactIndex } from '../../../src/engines/search/exact.js'
import { randomUnitVectors } from '../../support/random-vectors.js'
import { errorOf } from '../../support/service-bench.js'
import { featuresAt } from '../../support/synthetic-analyser.js'

const COUNT = 16
const everyone = (): boolean => true

/** References 1, 2, 3 … at these angles. */
async function indexAt(...anglesDeg: readonly number[]): Promise<ExactIndex> {
  const index = new ExactIndex(COUNT)
  for (const [i, angleDeg] of anglesDeg.entries()) await index.add(i + 1, featuresAt(angleDeg))
  return index
}

const ids = (neighbours: readonly Neighbour[]): readonly number[] => neighbours.map(({ referenceId }) => referenceId)

// Goal: the exact search is the oracle of the others, so it must be right beyond doubt.
// Method: angles whose cosines a reader can check, and a comparison with sorting everything.
describe('ExactIndex', () => {
  it('gives the most similar first, with the cosine as score', async () => {
    const { neighbours, comparedCount, mode } = await (await indexAt(80, 10, 40)).search(featuresAt(0), 2, -1, everyone)
    expect(ids(neighbours)).to.deep.equal([2, 3])
    expect(neighbours[0]?.score).to.be.closeTo(0.9848, 1e-4) // cos 10°
    expect(neighbours[1]?.score).to.be.closeTo(0.766, 1e-4) // cos 40°
    expect({ comparedCount, mode }).to.deep.equal({ comparedCount: 3, mode: 'exact' })
  })

  it('breaks ties by ascending reference id, also where not all of them fit', async () => {
    const index = await indexAt(30, 30, 30, 30, 10)
    expect(ids((await index.search(featuresAt(0), 3, -1, everyone)).neighbours)).to.deep.equal([5, 1, 2])
    await index.remove(1) // moves reference 5 to the first row
    await index.add(6, featuresAt(30))
    expect(ids((await index.search(featuresAt(0), 4, -1, everyone)).neighbours)).to.deep.equal([5, 2, 3, 4])
  })

  it('takes the threshold as the least score', async () => {
    const index = await indexAt(60, 61)
    const score60 = (await index.search(featuresAt(0), 1, -1, everyone)).neighbours[0]?.score as number
    expect(ids((await index.search(featuresAt(0), 9, score60, everyone)).neighbours)).to.deep.equal([1])
  })

  it('compares only what is accepted', async () => {
    const index = await indexAt(0, 10, 20)
    const { neighbours, comparedCount } = await index.search(featuresAt(0), 9, -1, (id) => id !== 1)
    expect(ids(neighbours)).to.deep.equal([2, 3])
    expect(comparedCount).to.equal(2)
  })

  it('forgets what is removed, and removing it again changes nothing', async () => {
    const index = await indexAt(0, 10, 20)
    await index.remove(1)
    await index.remove(1)
    expect(index.size).to.equal(2)
    expect(ids((await index.search(featuresAt(0), 9, -1, everyone)).neighbours)).to.deep.equal([2, 3])
  })

  it('asks for nothing, or of nobody, and gets an empty list', async () => {
    expect((await (await indexAt(0)).search(featuresAt(0), 0, -1, everyone)).neighbours).to.deep.equal([])
    expect((await (await indexAt()).search(featuresAt(0), 5, -1, everyone)).neighbours).to.deep.equal([])
  })

  it('refuses features that are not finite, of another length or not of norm 1', async () => {
    const index = await indexAt(0)
    for (const wrong of [new Float32Array(COUNT).fill(NaN), new Float32Array(8), new Float32Array(COUNT)]) {
      expect(await errorOf(index.add(9, wrong))).to.have.property('code', 'INVALID_ARGUMENT')
      expect(await errorOf(index.search(wrong, 1, -1, everyone))).to.have.property('code', 'INVALID_ARGUMENT')
    }
    expect(index.size).to.equal(1)
  })

  it('agrees with sorting all scores, through additions and removals', async () => {
    const vectors = randomUnitVectors(3_000, COUNT, 7)
    const index = new ExactIndex(COUNT)
    for (const [i, features] of vectors.entries()) await index.add(i + 1, features)
    for (let id = 3; id <= 3_000; id += 3) await index.remove(id)
    for (const probe of randomUnitVectors(20, COUNT, 8)) {
      const expected = vectors
        .map((features, i) => ({ referenceId: i + 1, score: dot(probe, features) }))
        .filter(({ referenceId, score }) => referenceId % 3 !== 0 && score >= 0.2)
        .sort((a, b) => b.score - a.score)
        .slice(0, 50)
      const { neighbours } = await index.search(probe, 50, 0.2, everyone)
      expect(ids(neighbours)).to.deep.equal(ids(expected))
    }
  })
})
