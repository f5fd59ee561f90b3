import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { LIMITS } from '../../../src/domain/limits.js'
import { DAY_MS, errorOf } from '../../support/service-bench.js'
import { StoreBench } from '../../support/store-bench.js'
import { aGallery, anEncounterAt, aNewSubject, freely, keyed } from '../../support/stored-things.js'
import { featuresAt } from '../../support/synthetic-analyser.js'

// Goal: what must be remembered is, and what must be forgotten is gone. Method: a real data file, read as bytes.
describe('SqliteStore: remembering and forgetting', () => {
  let bench: StoreBench
  beforeEach(async () => (bench = await StoreBench.open()))
  afterEach(() => bench.close())

  describe('request ids', () => {
    const subject = aNewSubject('s1', ['a'])
    const create = (key = keyed('r1')) => bench.store.createSubject(subject, anEncounterAt('e1', 30), bench.nowMs, key)

    it('give the first answer again, with nothing to change', async () => {
      const first = await create()
      await bench.store.setGalleries('s1', ['b'], 0, freely())
      const second = await create()
      expect(second.replayed).to.equal(true)
      expect(second.value).to.deep.equal(first.value)
      expect(second.change).to.deep.equal({ added: [], addedFingers: [], removedReferenceIds: [], memberships: [] })
    })

    it('are remembered through a restart', async () => {
      const first = await create()
      await bench.restart()
      expect((await create()).value).to.deep.equal(first.value)
      expect(await bench.store.replay(keyed('r1'))).to.deep.equal(first.value)
    })

    it('are refused with other content or for another method', async () => {
      await create()
      expect(await errorOf(create(keyed('r1', 'other')))).to.have.property('code', 'REQUEST_ID_REUSED')
      expect(await errorOf(bench.store.replay(keyed('r1', 'same', 'other')))).to.have.property(
        'code',
        'REQUEST_ID_REUSED',
      )
    })

    it('are not used up by a call that failed', async () => {
      await bench.enrol('s1', 1, [])
      expect(await errorOf(create())).to.have.property('code', 'SUBJECT_EXISTS')
      await bench.store.deleteSubject('s1', freely())
      expect((await create()).replayed).to.equal(false)
    })

    it('do not bring a deleted subject back, nor what was answered about it', async () => {
      await create()
      await bench.store.deleteSubject('s1', keyed('r2'))
      expect(await errorOf(create())).to.have.property('code', 'SUBJECT_NOT_FOUND')
      expect((await bench.store.deleteSubject('s1', keyed('r2'))).replayed).to.equal(true)
    })

    it('are forgotten after seven days', async () => {
      await create()
      bench.nowMs += LIMITS.requestIdRetentionDays * DAY_MS
      await bench.store.purgeExpired(bench.nowMs)
      expect(await bench.store.replay(keyed('r1'))).to.equal(null)
    })
  })

  describe('deleting', () => {
    it('leaves no biometric data and no name in any file', async () => {
      const bytes = new TextEncoder().encode('a very particular face '.repeat(1_000))
      const encounter = anEncounterAt('e1', 37, { bytes })
      await bench.store.createSubject(aNewSubject('s1', ['a']), encounter, 0, keyed('r1'))
      const features = Buffer.from(featuresAt(37).buffer)
      const traces = ['a very particular face', 'Name of s1', features]
      const holds = (trace: string | Buffer): boolean =>
        readdirSync(bench.folder).some((file) => readFileSync(join(bench.folder, file)).includes(trace))

      expect(traces.map(holds)).to.deep.equal([true, true, true])
      const { change } = await bench.store.deleteSubject('s1', freely())
      expect(change.removedReferenceIds).to.have.length(1)
      expect(change.memberships).to.deep.equal([{ subjectId: 's1', galleryIds: [] }])
      expect(traces.map(holds)).to.deep.equal([false, false, false])
      expect(await bench.counts('a')).to.deep.equal([0, 0])
    })

    it('never gives a reference id a second time', async () => {
      const { change: first } = await bench.enrol('s1', 30, [])
      await bench.store.deleteSubject('s1', freely())
      const { change: second } = await bench.enrol('s2', 30, [])
      expect(second.added[0]?.referenceId).to.be.above(first.added[0]?.referenceId as number)
    })
  })

  describe('retention', () => {
    it('ends memberships after their days, and subjects with their last membership', async () => {
      await bench.store.updateGallery(aGallery('a', { retentionDays: 10 }), freely())
      bench.nowMs = 0
      await bench.enrol('only-a', 1, ['a'])
      await bench.enrol('a-and-b', 2, ['a', 'b'])
      await bench.enrol('nowhere', 3, [])
      expect((await bench.store.purgeExpired(10 * DAY_MS - 1)).value.membershipCount).to.equal(0)

      const { value, change } = await bench.store.purgeExpired(10 * DAY_MS)
      expect(value).to.deep.equal({ membershipCount: 2, subjectCount: 1, probeCount: 0 })
      expect(change.removedReferenceIds).to.have.length(1)
      expect(change.memberships).to.have.deep.members([
        { subjectId: 'only-a', galleryIds: [] },
        { subjectId: 'a-and-b', galleryIds: ['b'] },
      ])
      const left = await bench.store.listSubjects('', { pageSize: 9, pageToken: '' })
      expect(left.items.map(({ id }) => id)).to.deep.equal(['a-and-b', 'nowhere'])
      expect(await bench.counts('a')).to.deep.equal([0, 0])
    })

    it('counts from when a subject was added, not from when its galleries were set again', async () => {
      await bench.store.updateGallery(aGallery('a', { retentionDays: 10 }), freely())
      bench.nowMs = 0
      await bench.enrol('s1', 1, ['a'])
      await bench.store.setGalleries('s1', ['a', 'b'], 9 * DAY_MS, freely())
      expect((await bench.store.purgeExpired(10 * DAY_MS)).value.membershipCount).to.equal(1)
    })

    it('does a bounded share at a time', async () => {
      await bench.store.updateGallery(aGallery('a', { retentionDays: 1 }), freely())
      for (let i = 0; i < 101; i++) await bench.store.createSubject(aNewSubject(`s${i}`, ['a']), null, 0, freely())
      const shares = [
        await bench.store.purgeExpired(DAY_MS),
        await bench.store.purgeExpired(DAY_MS),
        await bench.store.purgeExpired(DAY_MS),
      ]
      expect(shares.map(({ value }) => value.membershipCount)).to.deep.equal([100, 1, 0])
    })

    it('bounds retained probes too', async () => {
      await bench.store.updateGallery(aGallery('a', { retentionDays: 10 }), freely())
      await bench.store.retainProbe({
        searchId: 'q1',
        galleryIds: ['a', 'b'],
        samples: [new Uint8Array(9)],
        retainedAtMs: 0,
      })
      await bench.store.retainProbe({
        searchId: 'q2',
        galleryIds: ['b'],
        samples: [new Uint8Array(9)],
        retainedAtMs: 0,
      })
      expect((await bench.store.purgeExpired(10 * DAY_MS)).value.probeCount).to.equal(1)
      expect((await bench.store.purgeExpired(10 * DAY_MS)).value.probeCount).to.equal(0)
    })
  })
})
