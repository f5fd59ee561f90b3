import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'chai'
import { SCHEMA_1 } from '../../../src/adapters/sqlite/schema-1.js'
import { SCHEMA_2 } from '../../../src/adapters/sqlite/schema-2.js'
import { SqliteStore } from '../../../src/adapters/sqlite/sqlite-store.js'
import { MONITOR_LIMITS, type Alarm, type OutcomeReport, type SearchTally } from '../../../src/domain/monitor.js'
import { DAY_MS, errorOf, temporaryFolder } from '../../support/service-bench.js'
import { StoreBench } from '../../support/store-bench.js'
import { aGallery, CIRCLE, freely } from '../../support/stored-things.js'

const SPACE = { algorithm: CIRCLE, isPredicted: true }

function aTally(galleryId: string, more: Partial<SearchTally> = {}): SearchTally {
  const predictedSum = { rate: 0.5, lower95: 0.25, upper95: 1 }
  return { ...SPACE, galleryId, day: 100, searchCount: 50, alarmCount: 2, predictedSum, ...more }
}

function anAlarm(searchId: string, galleryIds: readonly string[], day = 100): Alarm {
  return { ...SPACE, searchId, galleryIds, day }
}

// Goal: what the monitor counts is kept, added up, bounded, and goes with its gallery. Method: a real data file.
describe('SqliteStore: the monitor', () => {
  let bench: StoreBench
  beforeEach(async () => (bench = await StoreBench.open()))
  afterEach(() => bench.close())

  const countsOf = (galleryId: string, firstDay = 0, lastDay = 1_000) =>
    bench.store.monitorCounts(galleryId, firstDay, lastDay)
  const outcomesOf = async (galleryId: string) => {
    const [counts] = await countsOf(galleryId)
    return [counts?.samePersonCount, counts?.differentPeopleCount, counts?.inconclusiveCount]
  }
  const report = (searchId: string, outcome: OutcomeReport['outcome'], galleryIds: readonly string[] = []) =>
    bench.store.reportOutcome({ searchId, outcome, galleryIds })

  describe('counts', () => {
    it('add up over batches and days, and survive a restart', async () => {
      await bench.store.addToMonitor({ tallies: [aTally('a')], alarms: [] })
      await bench.store.addToMonitor({ tallies: [aTally('a'), aTally('a', { day: 101 }), aTally('b')], alarms: [] })
      await bench.restart()
      const sums = { samePersonCount: 0, differentPeopleCount: 0, inconclusiveCount: 0 }
      const predictedSum = { rate: 1.5, lower95: 0.75, upper95: 3 }
      expect(await countsOf('a')).to.deep.equal([{ ...SPACE, searchCount: 150, alarmCount: 6, predictedSum, ...sums }])
      expect((await countsOf('a', 101, 101))[0]?.searchCount).to.equal(50)
      expect(await countsOf('a', 102, 200)).to.deep.equal([])
      expect((await countsOf('b'))[0]?.searchCount).to.equal(50)
      expect(await errorOf(countsOf('nowhere'))).to.have.property('code', 'GALLERY_NOT_FOUND')
    })

    it('are apart for each space, and for what is not predicted', async () => {
      const tallies = [aTally('a', { isPredicted: false }), aTally('a', { algorithm: 'arc@1' }), aTally('a')]
      await bench.store.addToMonitor({ tallies, alarms: [] })
      expect((await countsOf('a')).map(({ algorithm, isPredicted }) => [algorithm, isPredicted])).to.deep.equal([
        ['arc@1', true],
        [CIRCLE, true],
        [CIRCLE, false],
      ])
    })

    it('leave out galleries that are gone', async () => {
      const alarms = [anAlarm('s1', ['gone', 'a']), anAlarm('s2', ['gone'])]
      await bench.store.addToMonitor({ tallies: [aTally('gone'), aTally('a')], alarms })
      expect(await report('s1', 'same-person')).to.deep.equal({ isRepeated: false })
      expect(await errorOf(report('s2', 'same-person'))).to.have.property('code', 'SEARCH_NOT_FOUND')
    })
  })

  describe('outcomes', () => {
    beforeEach(() =>
      bench.store.addToMonitor({ tallies: [aTally('a'), aTally('b')], alarms: [anAlarm('s1', ['a', 'b'])] }),
    )

    it('count once for each gallery that alarmed, durably', async () => {
      expect(await report('s1', 'different-people')).to.deep.equal({ isRepeated: false })
      await bench.restart()
      expect(await report('s1', 'different-people')).to.deep.equal({ isRepeated: true })
      expect(await outcomesOf('a')).to.deep.equal([0, 1, 0])
      expect(await outcomesOf('b')).to.deep.equal([0, 1, 0])
    })

    it('make a person of one list a false positive of the others', async () => {
      await report('s1', 'same-person', ['b'])
      expect([await outcomesOf('a'), await outcomesOf('b')]).to.deep.equal([
        [0, 1, 0],
        [1, 0, 0],
      ])
      expect(await report('s1', 'same-person', ['b'])).to.deep.equal({ isRepeated: true })
      expect(await errorOf(report('s1', 'same-person'))).to.have.property('code', 'OUTCOME_CONFLICT')
    })

    it('refuse what contradicts a decision, and change nothing then', async () => {
      await report('s1', 'same-person', ['a'])
      const error = await errorOf(report('s1', 'different-people')) // true of b, but not of a
      expect(error).to.include({ code: 'OUTCOME_CONFLICT', field: 'outcome' })
      expect((error as Error).message).to.equal('expected the outcome reported before, same-person, got another one')
      expect(await errorOf(report('s1', 'inconclusive'))).to.have.property('code', 'OUTCOME_CONFLICT')
      expect([await outcomesOf('a'), await outcomesOf('b')]).to.deep.equal([
        [1, 0, 0],
        [0, 1, 0],
      ])
    })

    it('let an inconclusive one be decided later', async () => {
      await report('s1', 'inconclusive')
      expect(await outcomesOf('a')).to.deep.equal([0, 0, 1])
      await report('s1', 'same-person')
      expect(await outcomesOf('a')).to.deep.equal([1, 0, 0])
    })

    it('say which searches they can be reported for', async () => {
      const error = await errorOf(report('s2', 'same-person'))
      expect(error).to.include({ code: 'SEARCH_NOT_FOUND', field: 'search_id' })
      expect((error as Error).message).to.match(/newest 100000 searches that referred candidates, at most 90 days old/)
    })

    it('refuse a gallery that has no candidate', async () => {
      expect(await errorOf(report('s1', 'same-person', ['c']))).to.include({
        code: 'INVALID_ARGUMENT',
        field: 'gallery_ids',
      })
      expect(await outcomesOf('a')).to.deep.equal([0, 0, 0])
    })
  })

  describe('a gallery that is deleted', () => {
    it('takes its counts and alarms with it, and leaves those of the others', async () => {
      const alarms = [anAlarm('s1', ['a', 'b']), anAlarm('s2', ['a'])]
      await bench.store.addToMonitor({ tallies: [aTally('a'), aTally('b')], alarms })
      await bench.store.deleteGallery('a', false, freely())
      expect(await errorOf(report('s2', 'same-person'))).to.have.property('code', 'SEARCH_NOT_FOUND')
      await report('s1', 'same-person')
      expect(await outcomesOf('b')).to.deep.equal([1, 0, 0])
      await bench.store.createGallery(aGallery('a'), freely())
      expect(await countsOf('a')).to.deep.equal([])
    })
  })

  describe('retention', () => {
    const atDay = (day: number) => bench.store.purgeExpired(day * DAY_MS)

    it('ends the time for an outcome after 90 days, and keeps the counts', async () => {
      await bench.store.addToMonitor({
        tallies: [aTally('a')],
        alarms: [anAlarm('s1', ['a']), anAlarm('s2', ['a'], 101)],
      })
      await atDay(100 + MONITOR_LIMITS.outcomeDays)
      await report('s1', 'same-person')
      await atDay(101 + MONITOR_LIMITS.outcomeDays)
      expect(await errorOf(report('s1', 'same-person'))).to.have.property('code', 'SEARCH_NOT_FOUND')
      await report('s2', 'inconclusive')
      expect(await outcomesOf('a')).to.deep.equal([1, 0, 0]) // s2's day has no counts of its own here
    })

    it('forgets counts after two years', async () => {
      await bench.store.addToMonitor({ tallies: [aTally('a'), aTally('a', { day: 101 })], alarms: [] })
      await atDay(101 + MONITOR_LIMITS.tallyDays)
      expect((await countsOf('a'))[0]?.searchCount).to.equal(50)
    })

    it('keeps the newest 100,000 alarms', async () => {
      const alarms = Array.from({ length: MONITOR_LIMITS.alarmsMax + 1 }, (_, i) => anAlarm(`s${i}`, ['a']))
      await bench.store.addToMonitor({ tallies: [aTally('a')], alarms })
      expect(await errorOf(report('s0', 'same-person'))).to.have.property('code', 'SEARCH_NOT_FOUND')
      await report('s1', 'same-person')
      await bench.store.addToMonitor({ tallies: [], alarms: [anAlarm('newest', ['a'])] })
      expect(await errorOf(report('s1', 'same-person'))).to.have.property('code', 'SEARCH_NOT_FOUND')
    })
  })

  it('is added to a file of the second schema', async () => {
    const path = join(temporaryFolder(), 'portcullis.db')
    const old = new Database(path)
    old.exec('CREATE TABLE schema_migration (version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT')
    old.exec('INSERT INTO schema_migration VALUES (1, 0), (2, 0)')
    old.exec(SCHEMA_1)
    old.exec(SCHEMA_2)
    old.exec("INSERT INTO gallery VALUES (1, 'old', 'o', 'p', 20, 'all', 10, NULL, 'never', 0, 0, 0)")
    old.close()
    const store = new SqliteStore(path, () => 0)
    expect(await store.monitorCounts('old', 0, 1_000)).to.deep.equal([])
    await store.addToMonitor({ tallies: [aTally('old')], alarms: [anAlarm('s1', ['old'])] })
    await store.reportOutcome({ searchId: 's1', outcome: 'same-person', galleryIds: [] })
    expect((await store.monitorCounts('old', 0, 1_000))[0]?.samePersonCount).to.equal(1)
    await store.close()
  })
})
