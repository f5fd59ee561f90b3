import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect } from 'chai'
import { GraphClient } from '../../src/adapters/hnsw/graph-client.js'
import { ShardThread } from '../../src/adapters/shards/shard-thread.js'
import { SqliteStore } from '../../src/adapters/sqlite/sqlite-store.js'
import { backgroundContext } from '../../src/domain/context.js'
import type { Logger } from '../../src/domain/ports.js'
import { VerifiedIndex } from '../../src/engines/search/verified-index.js'
import { References, type IndexFactory } from '../../src/services/references.js'
import { mulberry32, randomUnitVectors } from '../support/random-vectors.js'
import { aGallery, anEncounterAt, aNewSubject, freely } from '../support/stored-things.js'

const ALGORITHM = 'random@000000000001'
const FEATURES = 64
const WRITERS = 8
const SEARCHERS = 8
/** `LINEARIZABILITY_MS=60000` for the full minute; a push of CI has less time. */
const RUN_MS = Number(process.env.LINEARIZABILITY_MS ?? 15_000)
const context = backgroundContext('test')
const silent: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** When a template was in and out, as its writer saw it. Infinity: not yet. */
interface Life {
  readonly features: Float32Array
  addBegunMs: number
  addedMs: number
  removeBegunMs: number
  removedMs: number
}

interface Look {
  readonly life: Life
  readonly begunMs: number
  readonly endedMs: number
  readonly found: boolean
}

// Goal: what was acknowledged is found by the first search after it, and what was deleted is not. Method: the whole search core
// (store, threads, graph process) under writers and searchers at once; afterwards the recorded history is checked: a search must
// find what was in during all of it, and nothing that was out during all of it. What changed meanwhile may be either.
describe('the search core under concurrent changes', function () {
  this.timeout(RUN_MS + 60_000)
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-'))
  let store: SqliteStore
  let references: References

  before(async () => {
    store = new SqliteStore(join(folder, 'portcullis.db'), Date.now)
    await store.createGallery(aGallery('g'), freely())
    references = new References(store, makeIndex, ALGORITHM, FEATURES)
    await references.load()
  })
  after(async () => {
    await references.close()
    await store.close()
    rmSync(folder, { recursive: true })
  })

  const makeIndex: IndexFactory = (source, onLoadNeeded) =>
    new VerifiedIndex({
      featureCount: FEATURES,
      source,
      onLoadNeeded,
      shards: [0, 1].map(
        () => new ShardThread({ entry: new URL('../../src/shard-worker.js', import.meta.url), silenceMsMax: 10_000 }),
      ),
      graph: new GraphClient({
        featureCount: FEATURES,
        algorithm: ALGORITHM,
        entry: new URL('../../src/graph-process.js', import.meta.url),
        folder: null,
        sizeMin: 200,
        snapshotEveryMs: 3_600_000,
        logger: silent,
      }),
    })

  it(`is linearizable with ${WRITERS} writers and ${SEARCHERS} searchers`, async () => {
    const lives: Life[] = []
    const looks: Look[] = []
    const endMs = performance.now() + RUN_MS
    const vectors = randomUnitVectors(60_000, FEATURES, 5)
    const random = mulberry32(6)

    async function write(writer: number): Promise<void> {
      const mine: { readonly id: string; readonly life: Life }[] = []
      for (let n = 0; performance.now() < endMs; n++) {
        if (mine.length > 150 || (mine.length > 5 && random() < 0.3)) await remove(mine)
        else await add(writer, n, mine)
      }
    }

    async function add(writer: number, n: number, mine: { id: string; life: Life }[]): Promise<void> {
      const features = vectors[lives.length]
      if (features === undefined) return
      const life = {
        features,
        addBegunMs: performance.now(),
        addedMs: Infinity,
        removeBegunMs: Infinity,
        removedMs: Infinity,
      }
      lives.push(life)
      const id = `w${writer}-${n}`
      const template = { algorithm: ALGORITHM, features }
      const encounter = anEncounterAt(`${id}-e`, 0, { algorithm: ALGORITHM, template })
      await references.commit(() => store.createSubject(aNewSubject(id, ['g']), encounter, 0, freely()))
      life.addedMs = performance.now()
      mine.push({ id, life })
    }

    async function remove(mine: { id: string; life: Life }[]): Promise<void> {
      const [{ id, life } = { id: '', life: null }] = mine.splice(Math.floor(random() * mine.length), 1)
      if (life === null) return
      life.removeBegunMs = performance.now()
      await references.commit(() => store.deleteSubject(id, freely()))
      life.removedMs = performance.now()
    }

    async function look(): Promise<void> {
      while (performance.now() < endMs) {
        await setImmediate() // a search of an empty index needs no other thread, and would let nobody else in
        const recent = random() < 0.7 ? Math.max(0, lives.length - 40) : 0
        const life = lives[recent + Math.floor(random() * (lives.length - recent))]
        const begunMs = performance.now()
        const scope = references.scope(['g'])
        const search = {
          probe: life?.features ?? vectors[0]!,
          countMax: 3,
          scoreMin: 0.999,
          scope,
          mode: 'auto',
        } as const
        const { neighbours } = await references.search(search, context)
        if (life) looks.push({ life, begunMs, endedMs: performance.now(), found: neighbours.length > 0 })
      }
    }

    await Promise.all([
      ...Array.from({ length: WRITERS }, (_, writer) => write(writer)),
      ...Array.from({ length: SEARCHERS }, () => look()),
    ])

    const mustFind = looks.filter(
      ({ life, begunMs, endedMs }) => life.addedMs < begunMs && life.removeBegunMs > endedMs,
    )
    const mustNotFind = looks.filter(
      ({ life, begunMs, endedMs }) => life.removedMs < begunMs || life.addBegunMs > endedMs,
    )
    expect(mustFind.filter(({ found }) => !found)).to.have.length(0)
    expect(mustNotFind.filter(({ found }) => found)).to.have.length(0)
    expect(mustFind.length).to.be.greaterThan(100)
    expect(mustNotFind.length).to.be.greaterThan(100)
    const { graph, audit } = references.status
    console.log(
      `      ${lives.length} templates, ${looks.length} searches (${mustFind.length} had to find, ${mustNotFind.length} had not), ` +
        `graph ${graph?.state ?? 'none'} with ${graph?.nodeCount ?? 0} nodes, ${audit.missedCount} of ${audit.checkedCount} missed by it`,
    )
  })
})
