import { expect } from 'chai'
import hnswlib from 'hnswlib-node'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HnswGraph } from '../../../src/adapters/hnsw/hnsw-graph.js'
import { NodeTable } from '../../../src/adapters/hnsw/node-table.js'
import { ReferenceGraph } from '../../../src/adapters/hnsw/reference-graph.js'
import { DomainError } from '../../../src/domain/errors.js'
import { identityVectors, Store, unit } from './support/graph-bench.js'

const FEATURES = 32

// Goal: nothing reaches the native code that could end the process or change an answer (design/SEARCH.md lists its traps).
// Method: the addon itself, asked through our guard for what it would take amiss.
describe('HnswGraph', () => {
  const vectors = identityVectors(400, FEATURES, 1)

  function filled(): HnswGraph {
    const graph = HnswGraph.empty(FEATURES, 1) // grows many times
    for (const features of vectors) graph.add(features)
    return graph
  }

  it('refuses what is not finite, of another length or norm, as node and as probe', () => {
    const graph = filled()
    const notANumber = Float32Array.from(vectors[0]!).fill(NaN, 3, 4)
    const infinite = Float32Array.from(vectors[0]!).fill(Infinity, 3, 4)
    for (const bad of [
      notANumber,
      infinite,
      vectors[0]!.subarray(1),
      new Float32Array(FEATURES),
      new Float32Array(0),
    ]) {
      expect(() => graph.add(bad)).to.throw(DomainError)
      expect(() => graph.search(bad, 1, 800)).to.throw(DomainError)
    }
    expect(graph.nodeCount).to.equal(400)
    vectors.forEach((features, label) => expect(graph.search(features, 1, 800)[0]?.label).to.equal(label))
  })

  it('refuses labels beyond its nodes, also those that the addon would cut to a legal one', () => {
    const graph = filled()
    for (const label of [400, -1, 0.5, NaN, 2 ** 32, 2 ** 32 + 7]) {
      expect(() => graph.markDeleted(label)).to.throw(RangeError)
      expect(() => graph.featuresAt(label)).to.throw(RangeError)
    }
    expect(graph.search(vectors[0]!, 1, 800)[0]?.label).to.equal(0)
  })

  it('refuses counts and breadths that are no whole numbers', () => {
    const graph = filled()
    for (const value of [-1, 1.5, NaN, Infinity, 2 ** 32]) {
      expect(() => graph.search(vectors[0]!, value, 800)).to.throw(RangeError)
      expect(() => graph.search(vectors[0]!, 1, value)).to.throw(RangeError)
    }
    expect(graph.search(vectors[0]!, 1_000_000, 800)).to.have.length(400) // more than the addon would take
    expect(HnswGraph.empty(FEATURES, 0).search(vectors[0]!, 5, 800)).to.deep.equal([])
  })

  it('searches as broadly after a file as before it, though the file does not keep the breadth', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'portcullis-graph-'))
    try {
      const file = join(folder, 'graph')
      const graph = filled()
      await graph.write(file)
      const raw = new hnswlib.HierarchicalNSW('ip', FEATURES)
      raw.readIndexSync(file)
      expect(raw.getEf()).to.equal(10) // the trap
      const read = await HnswGraph.read(file, FEATURES)
      for (const probe of identityVectors(50, FEATURES, 2))
        expect(read.search(probe, 20, 800)).to.deep.equal(graph.search(probe, 20, 800))
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe('ReferenceGraph', () => {
  const newGraph = (): ReferenceGraph => new ReferenceGraph(HnswGraph.empty(FEATURES, 10))

  it('takes thousands of the same features as one node, and still finds all others', () => {
    const graph = newGraph()
    const others = identityVectors(1_000, FEATURES, 3)
    const same = identityVectors(1, FEATURES, 4)[0]!
    others.forEach((features, i) => {
      expect(graph.add(i + 1, features)).to.equal(true)
      for (let n = 0; n < 3; n++) expect(graph.add(10_001 + 3 * i + n, same)).to.equal(true)
    })
    expect(graph.nodeCount).to.equal(1_001)
    others.forEach((features, i) => expect(graph.search(features, 1, 800)[0]?.referenceId).to.equal(i + 1))
    expect(graph.search(same, 3, 800).map(({ referenceId }) => referenceId)).to.deep.equal([10_001, 10_002, 10_003])
  })

  it('lets another reference take over a node, and deletes it with the last', () => {
    const graph = newGraph()
    const [a, b] = identityVectors(2, FEATURES, 5)
    graph.add(1, a!)
    graph.add(2, a!)
    graph.add(3, b!)
    graph.remove(1)
    expect(graph.search(a!, 5, 800).map(({ referenceId }) => referenceId)).to.have.members([2, 3])
    graph.remove(2)
    expect(graph.search(a!, 5, 800).map(({ referenceId }) => referenceId)).to.deep.equal([3])
    expect(graph.removedCount).to.equal(1)
    graph.add(4, a!) // the same features again
    expect(graph.search(a!, 1, 800)[0]?.referenceId).to.equal(4)
  })

  it('keeps apart what differs in one bit', () => {
    const graph = newGraph()
    const [a] = identityVectors(1, FEATURES, 6)
    const bits = new Uint32Array(Float32Array.from(a!).buffer)
    bits[0]! ^= 1
    const b = new Float32Array(bits.buffer)
    graph.add(1, a!)
    graph.add(2, b)
    expect(graph.nodeCount).to.equal(2)
    expect([graph.finds(1, a!), graph.finds(2, b), graph.finds(1, b)]).to.deep.equal([true, true, false])
  })

  it('finds all of many that are nearly the same, or says which it does not', () => {
    // Fewer than the breadth: beyond it, float32 cannot order them.
    const graph = newGraph()
    const store = new Store()
    const random = identityVectors(1_100, FEATURES, 7)
    const lost: number[] = []
    random.forEach((noise, i) => {
      const features = i < 400 ? noise : unit(random[0]!.map((value, n) => value + 1e-4 * noise[n]!))
      store.references.set(i, features)
      if (!graph.add(i, features)) lost.push(i)
    })
    for (const [referenceId, features] of store.references) {
      const isFound = graph.search(features, 800, 800).some((neighbour) => neighbour.referenceId === referenceId)
      expect(isFound || lost.includes(referenceId), String(referenceId)).to.equal(true)
    }
  })

  it('scores with the dot product', () => {
    const graph = newGraph()
    const store = new Store(identityVectors(200, FEATURES, 8))
    for (const [referenceId, features] of store.references) graph.add(referenceId, features)
    const probe = identityVectors(1, FEATURES, 9)[0]!
    const found = graph.search(probe, 10, 800)
    expect(found.map(({ referenceId }) => referenceId)).to.deep.equal(store.exact(probe, 10))
    const expected = store.references.get(found[0]!.referenceId)!.reduce((sum, value, i) => sum + value * probe[i]!, 0)
    expect(found[0]!.score).to.be.closeTo(expected, 1e-5)
  })
})

describe('NodeTable', () => {
  it('gives back what it was, and refuses what no graph of that size can have', () => {
    const table = new NodeTable()
    table.add(2 ** 53 - 1, 0)
    table.add(5, 1)
    table.add(2 ** 32 + 5, 1)
    expect(table.toPairs()).to.deep.equal(Float64Array.of(0, 2 ** 53 - 1, 1, 5, 1, 2 ** 32 + 5))
    expect(NodeTable.fromPairs(table.toPairs(), 2).idsOf(1)).to.deep.equal([5, 2 ** 32 + 5])
    for (const pairs of [
      [2, 5],
      [-1, 5],
      [0.5, 5],
      [NaN, 5],
      [0, NaN],
      [0, 0.5],
      [0, 2 ** 53],
      [0, 5, 1, 5],
    ])
      expect(() => NodeTable.fromPairs(Float64Array.from(pairs), 2), String(pairs)).to.throw(RangeError)
  })
})
