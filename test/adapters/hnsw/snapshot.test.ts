import { expect } from 'chai'
import { execFileSync } from 'node:child_process'
import { cp, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HnswGraph } from '../../../src/adapters/hnsw/hnsw-graph.js'
import { ReferenceGraph } from '../../../src/adapters/hnsw/reference-graph.js'
import { generations } from '../../../src/adapters/hnsw/snapshot-files.js'
import { loadSnapshot, writeSnapshot } from '../../../src/adapters/hnsw/snapshot.js'
import { expectCode } from '../../support/errors.js'
import { mulberry32 } from '../../support/random-vectors.js'
import { ALGORITHM, GraphBench, identityVectors, Store } from './support/graph-bench.js'

const FEATURES = 32
const SPACE = { algorithm: ALGORITHM, featureCount: FEATURES }
const FILES = ['graph.hnsw', 'references.f64', 'manifest.json'] as const

function graphOver(store: Store, featureCount = FEATURES): ReferenceGraph {
  const graph = new ReferenceGraph(HnswGraph.empty(featureCount, store.references.size))
  for (const [referenceId, features] of store.references) graph.add(referenceId, features)
  return graph
}

function expectToHold(graph: ReferenceGraph, store: Store): void {
  expect(graph.table.referenceCount).to.equal(store.references.size)
  for (const [referenceId, features] of store.references) expect(graph.finds(referenceId, features)).to.equal(true)
  for (const probe of identityVectors(10, FEATURES, 99))
    expect(graph.search(probe, 10, 800).map(({ referenceId }) => referenceId)).to.deep.equal(store.exact(probe, 10))
}

// Goal: a snapshot is loaded as it was, or not at all. Method: real files, damaged in every way that a disk or a person can.
describe('snapshot', () => {
  let bench: GraphBench
  let folder: string
  /** The older and the newer generation differ in one reference. */
  const older = new Store(identityVectors(300, FEATURES, 1), 2 ** 40)
  const newer = new Store([...older.references.values(), ...identityVectors(1, FEATURES, 2)], 2 ** 40)

  beforeEach(async () => {
    bench = new GraphBench()
    folder = await bench.folder()
  })
  afterEach(() => bench.putAway())

  async function newest(): Promise<string> {
    return (await generations(folder))[0]!
  }

  async function writeTwo(): Promise<void> {
    await writeSnapshot(folder, SPACE, graphOver(older), 1_000)
    await writeSnapshot(folder, SPACE, graphOver(newer), 2_000)
  }

  async function expectTheOlder(): Promise<void> {
    const loaded = await loadSnapshot(folder, SPACE)
    expect(loaded?.createdAtMs).to.equal(1_000)
    expectToHold(loaded!.graph, older)
  }

  it('gives back aliases, removals and large ids', async () => {
    const store = new Store(identityVectors(200, FEATURES, 3), 2 ** 53 - 200)
    store.references.set(1, store.references.get(2 ** 53 - 1)!) // the same features
    const graph = graphOver(store)
    for (const referenceId of [2 ** 53 - 200, 2 ** 53 - 150]) {
      graph.remove(referenceId)
      store.references.delete(referenceId)
    }
    await writeSnapshot(folder, SPACE, graph, 1_000)
    const loaded = await loadSnapshot(folder, SPACE)
    expectToHold(loaded!.graph, store)
    expect(loaded!.graph.removedCount).to.equal(2)
    expect(loaded!.graph.add(7, store.references.get(1)!)).to.equal(true)
    expect(loaded!.graph.nodeCount).to.equal(200) // duplicates are still known as such
  })

  it('can be of nobody', async () => {
    await writeSnapshot(folder, SPACE, graphOver(new Store()), 1_000)
    expect((await loadSnapshot(folder, SPACE))?.graph.nodeCount).to.equal(0)
  })

  it('keeps two generations and loads the newer; the older is there when it is not trusted', async () => {
    await writeTwo()
    await writeSnapshot(folder, SPACE, graphOver(newer), 3_000)
    expect(await readdir(folder)).to.deep.equal(['generation-000000002', 'generation-000000003'])
    expect((await loadSnapshot(folder, SPACE))?.createdAtMs).to.equal(3_000)
    expect((await loadSnapshot(folder, SPACE, 1))?.createdAtMs).to.equal(2_000)
    expect(await loadSnapshot(folder, SPACE, 2)).to.equal(null)
    expect(await loadSnapshot(join(folder, 'nowhere'), SPACE)).to.equal(null)
  })

  it('is not of another space, dimension or format', async () => {
    await writeSnapshot(folder, SPACE, graphOver(older), 1_000)
    expect(await loadSnapshot(folder, { ...SPACE, algorithm: 'another' })).to.equal(null)
    expect(await loadSnapshot(folder, { ...SPACE, featureCount: 2 * FEATURES })).to.equal(null)
    const file = join(await newest(), 'manifest.json')
    const manifest = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
    for (const change of [
      { formatVersion: 2 },
      { links: 16 },
      { nodeCount: 299 },
      { nodeCount: 'many' },
      { graphFile: null },
    ]) {
      await writeFile(file, JSON.stringify({ ...manifest, ...change }))
      expect(await loadSnapshot(folder, SPACE), JSON.stringify(change)).to.equal(null)
    }
    await writeFile(file, JSON.stringify(manifest))
    expectToHold((await loadSnapshot(folder, SPACE))!.graph, older)
  })

  it('is not loaded with a bit changed, wherever it is', async () => {
    await writeTwo()
    const random = mulberry32(5)
    for (let n = 0; n < 50; n++) {
      const file = join(await newest(), FILES[n % 3]!)
      const bytes = await readFile(file)
      const at = Math.floor(random() * bytes.length)
      const damaged = Buffer.from(bytes)
      damaged[at]! ^= 1 << Math.floor(random() * 8)
      await writeFile(file, damaged)
      const loaded = await loadSnapshot(folder, SPACE)
      // One of the digits of `createdAtMs` can change; what is searched cannot.
      const isNewer = loaded?.graph.table.referenceCount === newer.references.size
      expect(isNewer && n % 3 !== 2, `bit flip ${n}`).to.equal(false)
      expectToHold(loaded!.graph, isNewer ? newer : older)
      await writeFile(file, bytes)
    }
    expect((await loadSnapshot(folder, SPACE))?.createdAtMs).to.equal(2_000)
  })

  it('is not loaded when a file is shorter, longer, empty or missing', async () => {
    await writeTwo()
    for (const name of FILES) {
      const file = join(await newest(), name)
      const bytes = await readFile(file)
      for (const length of [
        0,
        1,
        16,
        96,
        Math.floor(bytes.length / 2),
        bytes.length - 1,
        bytes.length + 1,
        bytes.length + 16,
      ]) {
        if (length === bytes.length) continue
        await writeFile(file, bytes)
        await truncate(file, length)
        await expectTheOlder()
      }
      await rm(file)
      await expectTheOlder()
      await writeFile(file, bytes)
    }
  })

  it("is not loaded with another index's files, whole or in part", async () => {
    await writeTwo()
    const good = await newest()
    const kept = join(await bench.folder(), 'kept')
    await cp(good, kept, { recursive: true })
    const wide = await bench.folder()
    const wideSpace = { algorithm: ALGORITHM, featureCount: 2 * FEATURES }
    await writeSnapshot(wide, wideSpace, graphOver(new Store(identityVectors(301, 64, 4)), 64), 1)
    const [wideGeneration] = await generations(wide)
    const [, olderGeneration] = await generations(folder)
    for (const [from, names] of [
      [wideGeneration!, ['graph.hnsw']],
      [wideGeneration!, ['references.f64']],
      [wideGeneration!, FILES],
      [olderGeneration!, ['graph.hnsw']],
      [olderGeneration!, ['references.f64']],
    ] as const) {
      for (const name of names) await cp(join(from, name), join(good, name))
      await expectTheOlder()
      await cp(kept, good, { recursive: true })
    }
  })

  it('is nothing when there is only what a crash left', async () => {
    await mkdir(join(folder, 'being-written'))
    await writeFile(join(folder, 'being-written', 'graph.hnsw'), 'half')
    await mkdir(join(folder, 'generation-000000001'))
    await writeFile(join(folder, 'something else'), '')
    expect(await loadSnapshot(folder, SPACE)).to.equal(null)
    await writeSnapshot(folder, SPACE, graphOver(older), 1_000)
    expectToHold((await loadSnapshot(folder, SPACE))!.graph, older)
  })

  it('is refused by a full disk, which leaves the ones before as they are', async function () {
    const disk = await bench.folder()
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk], { stdio: 'ignore' })
    } catch {
      console.log('      skipped: a small disk can only be mounted by root')
      return this.skip()
    }
    try {
      await writeSnapshot(disk, SPACE, graphOver(older), 1_000) // about 130 KB
      // Full after so many bytes: in the graph, in the table, in the manifest.
      for (const freeKb of [0, 4, 40, 100, 124, 128, 132, 136]) {
        const others = execFileSync('df', ['--output=avail', '-k', disk]).toString().split('\n')[1]!
        await writeFile(join(disk, 'others'), Buffer.alloc((Number(others) - freeKb) * 1024, 1))
        const writing = writeSnapshot(disk, SPACE, graphOver(newer), 2_000)
        const isWritten = await writing.then(
          () => true,
          () => false,
        )
        if (!isWritten) await expectCode('UNAVAILABLE', writing)
        if (freeKb <= 100) expect(isWritten, `${freeKb} KB free`).to.equal(false)
        await rm(join(disk, 'others'))
        const loaded = await loadSnapshot(disk, SPACE)
        expectToHold(loaded!.graph, loaded?.createdAtMs === 2_000 ? newer : older)
        expect(loaded?.createdAtMs).to.equal(isWritten ? 2_000 : 1_000)
        expect(await readdir(disk)).not.to.include('being-written')
        if (isWritten) break
      }
      await writeSnapshot(disk, SPACE, graphOver(newer), 3_000)
      expect((await loadSnapshot(disk, SPACE))?.createdAtMs).to.equal(3_000)
    } finally {
      execFileSync('umount', [disk])
    }
  })
})
