import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'chai'
import { LocalShard } from '../../src/engines/search/local-shard.js'
import { References } from '../../src/services/references.js'
import type { Mutated } from '../../src/domain/ports.js'
import type { IndexedReference, ShardStatus } from '../../src/domain/search.js'
import { exactIndex } from '../support/exact-index.js'
import { errorOf, ServiceBench } from '../support/service-bench.js'
import { featuresAt, SYNTHETIC_FEATURE_COUNT } from '../support/synthetic-analyser.js'

const ALGORITHM = 'circle@000000000001'

/** A shard whose memory ends: a real one that takes so many references and no more. */
class SmallShard extends LocalShard {
  override async add(rows: readonly IndexedReference[]): Promise<ShardStatus> {
    const status = await super.add(rows)
    if (status.rowCount > 1) throw new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded')
    return status
  }
}

function added(referenceId: number): Mutated<number> {
  const reference = { referenceId, subjectId: 's', encounterId: 'e', features: featuresAt(0), algorithm: ALGORITHM }
  const memberships = [{ subjectId: 's', galleryIds: ['g'] }]
  return {
    value: referenceId,
    change: { added: [reference], addedFingers: [], removedReferenceIds: [], memberships },
    replayed: false,
  }
}

// Goal: what is searched is what was committed, in that order. Method: a real store, and an index that fails for real.
describe('References', () => {
  let bench: ServiceBench
  beforeEach(async () => (bench = await ServiceBench.open()))
  afterEach(() => bench.close())

  it('answers nothing before it is loaded', async () => {
    const references = new References(
      bench.store,
      exactIndex(SYNTHETIC_FEATURE_COUNT),
      ALGORITHM,
      SYNTHETIC_FEATURE_COUNT,
    )
    expect(() => references.scope(['g'])).to.throw(/still loading/)
    expect(await errorOf(references.commit(async () => added(1)))).to.have.property('code', 'UNAVAILABLE')
  })

  it('does not start over a damaged template', async () => {
    await bench.enrol('s1', 0, [])
    await bench.close()
    const db = new Database(join(bench.folder, 'portcullis.db'))
    db.exec('UPDATE reference SET features = zeroblob(64)')
    db.close()
    expect(await errorOf(ServiceBench.open(bench.folder))).to.deep.include({
      code: 'UNAVAILABLE',
      expected: 'stored templates that can be searched',
    })
    bench = await ServiceBench.open()
  })

  it('runs one change at a time, in the order of asking', async () => {
    const steps: string[] = []
    const change = (name: string, ms: number) => async (): Promise<Mutated<null>> => {
      steps.push(`${name} begins`)
      await new Promise((resolve) => setTimeout(resolve, ms))
      steps.push(`${name} ends`)
      return {
        value: null,
        change: { added: [], addedFingers: [], removedReferenceIds: [], memberships: [] },
        replayed: false,
      }
    }
    await Promise.all([bench.references.commit(change('slow', 20)), bench.references.commit(change('fast', 0))])
    expect(steps).to.deep.equal(['slow begins', 'slow ends', 'fast begins', 'fast ends'])
  })

  it('goes on after a change that was refused', async () => {
    const refused = bench.references.commit(() => Promise.reject(new Error('refused')))
    const next = bench.references.commit(async () => added(1))
    expect(await errorOf(refused)).to.have.property('message', 'refused')
    expect(await next).to.equal(1)
    expect(bench.references.scope(['g']).referenceCount).to.equal(1)
  })

  it('answers nothing while the index misses a change, rather than miss a person, and loads it again', async () => {
    const shards = [new SmallShard()]
    const references = new References(
      bench.store,
      exactIndex(SYNTHETIC_FEATURE_COUNT, shards),
      ALGORITHM,
      SYNTHETIC_FEATURE_COUNT,
    )
    await references.load()
    await references.commit(async () => added(1))
    expect(await errorOf(references.commit(async () => added(2)))).to.be.instanceOf(RangeError)
    expect(() => references.scope(['g'])).to.throw(/still loading/)
    expect(references.ready).to.equal(false)
    while (!references.ready) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(references.size).to.equal(0) // what the store holds: these two were never in it
    await references.close()
  })

  it('bounds how many changes wait', async () => {
    const work = Array.from({ length: 1_001 }, () => bench.references.commit(() => bench.store.purgeExpired(0)))
    const outcomes = await Promise.allSettled(work)
    expect(outcomes.filter(({ status }) => status === 'rejected')).to.have.length(1)
    expect(outcomes.at(-1)).to.have.nested.property('reason.code', 'OVERLOADED')
  })
})
