import { expect } from 'chai'
import { readdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { GraphLink } from '../../../src/adapters/hnsw/graph-link.js'
import { packRows } from '../../../src/adapters/hnsw/protocol.js'
import { mulberry32 } from '../../support/random-vectors.js'
import { ALGORITHM, ENTRY, GraphBench, identityVectors, Store, TIMEOUT_MS } from './support/graph-bench.js'

const FEATURES = 32
const KILLS = 50

// Goal: power may go while a snapshot is written. Method: the real process, killed at seeded moments; whatever is then on the
// disk either is a whole graph or is not loaded.
describe('the process of the graph, killed while it writes a snapshot', () => {
  const bench = new GraphBench()
  after(() => bench.putAway())

  async function open(folder: string) {
    const link = new GraphLink(ENTRY, 10_000)
    const command = {
      kind: 'open',
      folder,
      algorithm: ALGORITHM,
      featureCount: FEATURES,
      skipCount: 0,
      capacity: 100,
    } as const
    const { snapshotAtMs } = await link.call(command, TIMEOUT_MS)
    const { referenceIds } = await link.call({ kind: 'held', from: 0 }, TIMEOUT_MS)
    return { link, snapshotAtMs, heldIds: referenceIds }
  }

  it(`leaves a whole one or none, ${KILLS} times`, async () => {
    const folder = await bench.folder()
    const store = new Store(identityVectors(550, FEATURES, 1))
    const more = identityVectors(KILLS, FEATURES, 2)
    const random = mulberry32(3)
    let written = 0
    let killWithinMs = 0 // of the first snapshot, which is not killed: half as long again as it takes
    for (let n = 0; n < KILLS; n++) {
      const { link, snapshotAtMs, heldIds } = await open(folder)
      expect(heldIds.length > 0).to.equal(snapshotAtMs !== null)
      const held = await store.features(heldIds)
      const { foundCount } = await link.call({ kind: 'check', ...packRows(held, FEATURES) }, TIMEOUT_MS)
      expect(foundCount).to.equal(heldIds.length)
      store.references.set(1_000 + n, more[n]!)
      const missing = await store.features(store.ids.filter((referenceId) => !heldIds.includes(referenceId)))
      await link.call({ kind: 'add', ...packRows(missing, FEATURES) }, TIMEOUT_MS)

      const startMs = performance.now()
      const snapshot = link.call({ kind: 'snapshot' }, TIMEOUT_MS).then(
        () => written++,
        () => undefined,
      )
      await (n === 0 ? snapshot : sleep(random() * killWithinMs))
      if (n === 0) killWithinMs = 1.5 * (performance.now() - startMs)
      process.kill(link.pid!, 'SIGKILL')
      await Promise.all([snapshot, link.ended])
      const names = (await readdir(folder)).filter((name) => name !== 'being-written')
      expect(names.length).to.be.at.most(3) // the third is removed after the new one is there
    }
    expect(written, 'snapshots that were quick enough').to.be.within(1, KILLS - 1)
  })
})
