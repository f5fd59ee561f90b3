import { expect } from 'chai'
import { execFileSync } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { getPriority } from 'node:os'
import { DomainError } from '../../../src/domain/errors.js'
import { expectCode } from '../../support/errors.js'
import { found, GraphBench, identityVectors, settled, Store, TIMEOUT_MS, until } from './support/graph-bench.js'

const FEATURES = 32

// Goal: what the graph answers, it answers rightly, and it names what it leaves out. Method: the real process, beside a
// scalar exact search over the same store.
describe('GraphClient', () => {
  let bench: GraphBench
  beforeEach(() => (bench = new GraphBench()))
  afterEach(() => bench.putAway())

  async function expectExact(
    client: Awaited<ReturnType<GraphBench['running']>>,
    store: Store,
    featureCount = FEATURES,
  ) {
    for (const probe of identityVectors(20, featureCount, 99))
      expect(await found(client, probe, 10)).to.deep.equal(store.exact(probe, 10))
  }

  it('finds all that an exact search finds, among 5,000 references of 64 features', async () => {
    const store = new Store(identityVectors(5_000, 64, 1))
    const client = await bench.running(store, { featureCount: 64 })
    expect(client.status).to.include({ state: 'ready', nodeCount: 5_000, pendingCount: 0, breadth: 800, reason: '' })
    for (const probe of identityVectors(200, 64, 2))
      expect(await found(client, probe, 20)).to.deep.equal(store.exact(probe, 20))
  })

  it('keeps reference ids up to 2^53, of which the graph itself would cut the upper bits', async () => {
    const vectors = identityVectors(300, FEATURES, 3)
    const store = new Store(vectors.slice(0, 100))
    for (let i = 0; i < 100; i++) {
      store.references.set(2 ** 32 + 1 + i, vectors[100 + i]!) // 1, 2, 3 … in 32 bits
      store.references.set(2 ** 53 - 1 - i, vectors[200 + i]!)
    }
    await expectExact(await bench.running(store, { featureCount: FEATURES }), store)
  })

  it('finds everyone beside thousands of identical references', async () => {
    const others = identityVectors(1_000, FEATURES, 4)
    const store = new Store([...others, ...Array.from({ length: 3_000 }, () => identityVectors(1, FEATURES, 5)[0]!)])
    const client = await bench.running(store, { featureCount: FEATURES })
    expect(client.status.nodeCount).to.equal(1_001)
    for (const [i, features] of others.entries()) expect((await found(client, features, 1))[0]).to.equal(i + 1)
    expect(await found(client, identityVectors(1, FEATURES, 5)[0]!, 3)).to.deep.equal([1_001, 1_002, 1_003])
  })

  it('gives no removed reference once remove() returns, and as many others', async () => {
    const store = new Store(identityVectors(500, FEATURES, 6))
    const client = await bench.running(store, { featureCount: FEATURES })
    const probe = store.references.get(250)!
    const before = await found(client, probe, 10)
    const onTheWay = client.search(probe, 10, TIMEOUT_MS)
    client.remove(before.slice(0, 3))
    expect((await onTheWay)?.neighbours.map(({ referenceId }) => referenceId)).to.deep.equal(before.slice(3))
    for (const referenceId of before.slice(0, 3)) store.references.delete(referenceId)
    expect(await found(client, probe, 10)).to.deep.equal(store.exact(probe, 10))
  })

  it('names what it does not hold yet, from the moment of add()', async () => {
    const store = new Store(identityVectors(300, FEATURES, 7))
    const client = await bench.running(store, { featureCount: FEATURES })
    const [added] = identityVectors(1, FEATURES, 8)
    store.references.set(1_000, added!)
    client.add([1_000])
    const answer = await client.search(added!, 1, TIMEOUT_MS)
    expect(answer?.notCovered).to.deep.equal([1_000])
    await settled(client)
    expect(await client.search(added!, 1, TIMEOUT_MS)).to.deep.include({ notCovered: [] })
    expect(await found(client, added!, 1)).to.deep.equal([1_000])
  })

  it('covers every acknowledged reference in every answer, while references come and go', async () => {
    const vectors = identityVectors(1_500, FEATURES, 9)
    const store = new Store(vectors.slice(0, 600))
    const client = await bench.running(store, { featureCount: FEATURES })
    for (let n = 600; n < 1_500; n += 3) {
      for (const i of [n, n + 1, n + 2]) store.references.set(i + 1, vectors[i]!)
      client.add([n + 1, n + 2, n + 3])
      store.references.delete(n - 599)
      client.remove([n - 599])
      const probe = vectors[n - (n % 7)]!
      const expected = store.exact(probe, 3)
      const answer = await client.search(probe, 3, TIMEOUT_MS)
      if (answer === null) continue // it was built anew, for the removals
      const seen = new Set([...answer.neighbours.map(({ referenceId }) => referenceId), ...answer.notCovered])
      expect(expected.filter((referenceId) => !seen.has(referenceId))).to.deep.equal([])
    }
    await settled(client)
    await expectExact(client, store)
  })

  it('is built anew when over a quarter is removed', async () => {
    const store = new Store(identityVectors(1_000, FEATURES, 10))
    const client = await bench.running(store, { featureCount: FEATURES })
    const { pid } = client
    const gone = store.ids.slice(0, 251)
    for (const referenceId of gone) store.references.delete(referenceId)
    client.remove(gone)
    await until(() => client.pid !== undefined && client.pid !== pid)
    await settled(client)
    expect(client.status.nodeCount).to.equal(749)
    await expectExact(client, store)
  })

  it('refuses what is no probe', async () => {
    const client = await bench.running(new Store(identityVectors(50, FEATURES, 11)), { featureCount: FEATURES })
    const [probe] = identityVectors(1, FEATURES, 12)
    await expectCode('INVALID_ARGUMENT', client.search(Float32Array.from(probe!).fill(NaN, 0, 1), 1, TIMEOUT_MS))
    await expectCode('INVALID_ARGUMENT', client.search(probe!.subarray(1), 1, TIMEOUT_MS))
    for (const countMax of [0, -1, 1.5, NaN]) {
      const error: unknown = await client.search(probe!, countMax, TIMEOUT_MS).catch((reason: unknown) => reason)
      expect(error).to.be.instanceOf(RangeError)
    }
    expect(client.status.state).to.equal('ready')
  })

  it('leaves to the exact comparison what no graph can take', async () => {
    const store = new Store(identityVectors(100, FEATURES, 13))
    store.references.set(40, new Float32Array(FEATURES).fill(NaN))
    store.references.set(41, new Float32Array(FEATURES))
    const client = await bench.running(store, { featureCount: FEATURES })
    const answer = await client.search(store.references.get(1)!, 1, TIMEOUT_MS)
    expect(answer?.notCovered).to.deep.equal([40, 41])
    expect(answer?.neighbours[0]?.referenceId).to.equal(1)
  })

  it('does without a process while there are few references', async () => {
    const store = new Store(identityVectors(20, FEATURES, 14))
    const client = bench.client({ featureCount: FEATURES, sizeMin: 20 })
    client.start(store, store.ids.slice(1))
    expect(await client.search(store.references.get(2)!, 1, TIMEOUT_MS)).to.equal(null)
    expect(client.pid).to.equal(undefined)
    expect(client.status).to.include({ state: 'building', reason: 'there are fewer references than a graph pays for' })
    client.add([1])
    await settled(client)
    expect(await found(client, store.references.get(1)!, 1)).to.deep.equal([1])
  })

  it('searches more broadly after a miss, within bounds', async () => {
    const client = await bench.running(new Store(identityVectors(50, FEATURES, 15)), { featureCount: FEATURES })
    const breadths = Array.from({ length: 6 }, () => {
      client.broaden()
      return client.status.breadth
    })
    expect(breadths).to.deep.equal([1_200, 1_800, 2_700, 4_000, 4_000, 4_000])
    expect(await client.search(identityVectors(1, FEATURES, 16)[0]!, 5, TIMEOUT_MS)).not.to.equal(null)
  })

  it('outlives failures of the store', async () => {
    const store = new Store(identityVectors(100, FEATURES, 17))
    store.isFailing = true
    const client = bench.client({ featureCount: FEATURES })
    client.start(store, [...store.ids, 5_000]) // and one that the store does not know any more
    await until(() => bench.log.lines.some((line) => line.includes('could not read references')))
    store.isFailing = false
    await settled(client)
    await expectExact(client, store)
  })

  it('keeps the native code out of the process that it serves, and gives way to it', async () => {
    const code = `await import(${JSON.stringify(new URL('../../../src/adapters/hnsw/graph-client.js', import.meta.url).href)})
      console.log(process.report.getReport().sharedObjects.filter((path) => path.endsWith('.node')).length)`
    const arguments_ = ['--input-type=module', '-e', code]
    expect(execFileSync(process.execPath, arguments_, { encoding: 'utf8' }).trim()).to.equal('0')
    const client = await bench.running(new Store(identityVectors(50, FEATURES, 18)), { featureCount: FEATURES })
    expect(getPriority(client.pid)).to.be.greaterThan(getPriority())
  })

  describe('#snapshot()', () => {
    it('is where the next process begins; the store has the last word', async () => {
      const store = new Store(identityVectors(400, FEATURES, 20))
      const folder = await bench.folder()
      const first = await bench.running(store, { featureCount: FEATURES, folder })
      await first.snapshot()
      expect(first.status.snapshotAtMs).to.be.closeTo(Date.now(), 10_000)
      await first.close()

      for (const referenceId of [1, 2, 3]) store.references.delete(referenceId)
      identityVectors(3, FEATURES, 21).forEach((features, i) => store.references.set(1_000 + i, features))
      const second = await bench.running(store, { featureCount: FEATURES, folder })
      expect(second.status.snapshotAtMs).to.equal(first.status.snapshotAtMs)
      await until(() => second.status.nodeCount === 403) // three of them removed
      await expectExact(second, store)
    })

    it('is written by itself when something has changed', async () => {
      const folder = await bench.folder()
      const store = new Store(identityVectors(100, FEATURES, 22))
      const client = await bench.running(store, { featureCount: FEATURES, folder, snapshotEveryMs: 50 })
      await until(() => client.status.snapshotAtMs !== null)
    })

    it('is not believed when the store holds other features under the same ids', async () => {
      const folder = await bench.folder()
      const first = await bench.running(new Store(identityVectors(200, FEATURES, 23)), {
        featureCount: FEATURES,
        folder,
      })
      await first.snapshot()
      await first.close()
      const other = new Store(identityVectors(200, FEATURES, 24))
      const second = await bench.running(other, { featureCount: FEATURES, folder })
      await expectExact(second, other)
    })

    it('says when there can be none', async () => {
      const store = new Store(identityVectors(50, FEATURES, 25))
      await expectCode('UNAVAILABLE', bench.client({ featureCount: FEATURES }).snapshot())
      await expectCode('UNAVAILABLE', (await bench.running(store, { featureCount: FEATURES })).snapshot())
      const client = await bench.running(store, { featureCount: FEATURES, folder: '/dev/null/nowhere' })
      const error = await expectCode('UNAVAILABLE', client.snapshot())
      expect(error).to.be.instanceOf(DomainError)
      await expectExact(client, store)
    })

    it('does not stay when hardly anyone is left', async () => {
      const folder = await bench.folder()
      const store = new Store(identityVectors(50, FEATURES, 27))
      const first = await bench.running(store, { featureCount: FEATURES, folder })
      await first.snapshot()
      await first.close()
      const second = bench.client({ featureCount: FEATURES, folder, sizeMin: 51 })
      second.start(store, store.ids)
      await second.close()
      expect(await readdir(folder)).to.deep.equal([])
    })

    it('is forgotten by rebuild()', async () => {
      const folder = await bench.folder()
      const store = new Store(identityVectors(200, FEATURES, 26))
      const client = await bench.running(store, { featureCount: FEATURES, folder })
      await client.snapshot()
      const { pid } = client
      client.rebuild()
      await until(() => client.pid !== undefined && client.pid !== pid)
      await settled(client)
      expect(await readdir(folder)).to.deep.equal([])
      expect(client.status.snapshotAtMs).to.equal(null)
      await expectExact(client, store)
    })
  })
})
