import { expect } from 'chai'
import { HnswIndex } from '../../../src/adapters/hnsw/hnsw-index.js'
import { ExactIndex } from '../../../src/engines/search/exact.js'
import { randomUnitVectors } from '../../support/random-vectors.js'
import { errorOf } from '../../support/service-bench.js'
import { featuresAt } from '../../support/synthetic-analyser.js'

const COUNT = 16
const SIZE = 7_000
const everyone = (): boolean => true

// Goal: the graph gives the exact search's answer or leaves it to the exact search.
// Method: a real graph over seeded vectors, small enough to build in seconds; the exact index is the oracle.
describe('HnswIndex', function () {
  this.timeout(120_000)
  let oracle: ExactIndex
  let index: HnswIndex

  before(async () => {
    oracle = new ExactIndex(COUNT)
    index = new HnswIndex(new ExactIndex(COUNT), COUNT, SIZE - 500)
    for (const [i, features] of randomUnitVectors(SIZE, COUNT, 1).entries()) {
      await oracle.add(i + 1, features)
      await index.add(i + 1, features)
    }
    await index.settled()
  })

  /** Both answers to the same probes. */
  async function expectOracle(accept: (id: number) => boolean, acceptedCount: number, mode: string): Promise<void> {
    for (const probe of randomUnitVectors(50, COUNT, 2)) {
      const answer = await index.search(probe, 10, 0.5, accept, acceptedCount)
      const exact = await oracle.search(probe, 10, 0.5, accept)
      expect(answer.neighbours).to.deep.equal(exact.neighbours) // the same ids and the same scores
      expect(answer.mode).to.equal(mode)
    }
  }

  it('scans while there are few references', async () => {
    const small = new HnswIndex(new ExactIndex(COUNT), COUNT)
    await small.add(1, featuresAt(10))
    const { mode, neighbours } = await small.search(featuresAt(0), 5, -1, everyone, 1)
    expect(mode).to.equal('exact')
    expect(neighbours).to.have.length(1)
  })

  it('finds with the graph what the exact search finds, with its scores', async () => {
    await expectOracle(everyone, SIZE, 'hnsw')
  })

  it('computes few scores', async () => {
    const { comparedCount } = await index.search(featuresAt(0), 10, -1, everyone, SIZE)
    expect(comparedCount).to.equal(10)
  })

  it('obeys a filter that takes most references', async () => {
    const accept = (id: number): boolean => id % 7 !== 0
    await expectOracle(accept, 6_000, 'hnsw')
  })

  it('scans where few references are accepted', async () => {
    const accept = (id: number): boolean => id % 700 === 0
    await expectOracle(accept, 10, 'exact')
  })

  it('leaves it to the scan where the graph finds fewer than there should be', async () => {
    const accept = (id: number): boolean => id <= 5
    const { mode, neighbours } = await index.search(featuresAt(0), 10, -1, accept, 6_000) // a count that is wrong
    expect(mode).to.equal('exact')
    expect(neighbours).to.have.length(5)
  })

  it('passes on what a filter throws', async () => {
    const accept = (): boolean => {
      throw new Error('no such reference')
    }
    expect(await errorOf(index.search(featuresAt(0), 10, -1, accept, 6_000))).to.have.property(
      'message',
      'no such reference',
    )
  })

  it('refuses features that would ruin the graph', async () => {
    const wrong = new Float32Array(COUNT).fill(NaN)
    expect(await errorOf(index.add(99_999, wrong))).to.have.property('code', 'INVALID_ARGUMENT')
    expect(await errorOf(index.search(wrong, 1, -1, everyone, SIZE))).to.have.property('code', 'INVALID_ARGUMENT')
    expect(index.size).to.equal(SIZE)
  })

  it('finds what is added to the graph, and no longer what is removed', async () => {
    await index.add(SIZE + 1, featuresAt(123))
    const found = await index.search(featuresAt(123), 1, 0.999, everyone, SIZE + 1)
    expect([found.mode, found.neighbours[0]?.referenceId]).to.deep.equal(['hnsw', SIZE + 1])
    await index.remove(SIZE + 1)
    expect((await index.search(featuresAt(123), 1, 0.999, everyone, SIZE)).neighbours).to.deep.equal([])
  })

  it('answers exactly while a graph with many deletions is built anew', async () => {
    const small = new HnswIndex(new ExactIndex(COUNT), COUNT, 5_100)
    const exact = new ExactIndex(COUNT)
    for (const [i, features] of randomUnitVectors(SIZE, COUNT, 3).entries()) {
      await small.add(i + 1, features)
      await exact.add(i + 1, features)
    }
    await small.settled()
    for (let id = 4; id <= SIZE; id += 4) await Promise.all([small.remove(id), exact.remove(id)])
    const probe = featuresAt(45)
    const before = await small.search(probe, 10, -1, everyone, small.size)
    await small.settled()
    const after = await small.search(probe, 10, -1, everyone, small.size)
    const expected = await exact.search(probe, 10, -1, everyone)
    expect([before.neighbours, after.neighbours]).to.deep.equal([expected.neighbours, expected.neighbours])
    expect(after.mode).to.equal('hnsw')
  })
})
