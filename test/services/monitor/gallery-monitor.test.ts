import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { dayOf, dayText, type MonitorStore } from '../../../src/domain/monitor.js'
import type { Logger } from '../../../src/domain/ports.js'
import { GalleryMonitor } from '../../../src/services/monitor/gallery-monitor.js'
import { circleCalibration, circleCalibrations } from '../../support/circle-calibration.js'
import { aFingerInput } from '../../support/finger-samples.js'
import { DAY_MS, errorOf, ServiceBench } from '../../support/service-bench.js'
import { StoreBench } from '../../support/store-bench.js'
import { CIRCLE } from '../../support/stored-things.js'
import { aFace, anImageOf } from '../../support/synthetic-analyser.js'

const ALL_DAYS = { fromDay: '2000-01-01', toDay: '2099-12-31' }

// Goal: what is counted of a search, and for whom. Method: real searches by known angles, and a calibration by which a gallery of N
// references has the FPIR 1 − 1/(1 + N/20) at the default threshold.
describe('GalleryMonitor', () => {
  let bench: ServiceBench

  beforeEach(async () => {
    bench = await ServiceBench.open(undefined, undefined, undefined, circleCalibrations())
    for (const id of ['one', 'two', 'none']) await bench.addGallery(id)
    await bench.enrol('s0', 0, ['one', 'two'])
    await bench.enrol('s90', 90, ['two'])
  })
  afterEach(() => bench.close())

  const searchesOf = async (galleryId: string, range = ALL_DAYS) =>
    (await bench.services.monitor.read(galleryId, range)).searches
  const predictedOf = async (galleryId: string) => (await searchesOf(galleryId))[0]?.predicted?.rate ?? Number.NaN

  it('predicts for each gallery as if it was searched alone', async () => {
    await bench.identify(180, ['one', 'two', 'none'])
    expect(await predictedOf('one')).to.be.closeTo(1 / 21, 1e-12)
    expect(await predictedOf('two')).to.be.closeTo(2 / 22, 1e-12)
    expect(await predictedOf('none')).to.equal(0)
    const [one] = await searchesOf('one')
    expect(one).to.include({ algorithm: CIRCLE, searchCount: 1, alarmCount: 0, verdict: 'too-few-searches' })
    expect(one?.predicted?.lower95).to.be.below(1 / 21)
    expect(one?.predicted?.upper95).to.be.above(1 / 21)
  })

  it('gives an alarm to the galleries that a candidate is in', async () => {
    await bench.identify(80, ['one', 'two', 'none']) // s90 alone is within 60°
    const alarms = [await searchesOf('one'), await searchesOf('two'), await searchesOf('none')]
    expect(alarms.map(([counts]) => counts?.alarmCount)).to.deep.equal([0, 1, 0])
  })

  it("takes the mean over the searches' own thresholds", async () => {
    await bench.identify(180, ['one'])
    await bench.identify(180, ['one'], { threshold: { kind: 'score', score: 0 } }) // FMR .5: FPIR 1/3
    expect(await predictedOf('one')).to.be.closeTo((1 / 21 + 1 / 3) / 2, 1e-12)
  })

  it('takes each of several faces for a search, and the probe for one', async () => {
    await bench.addGallery('all', { multiFace: 'all' })
    await bench.enrol('s270', 270, ['all'])
    await bench.identify(0, ['all'], { image: anImageOf({ angleDeg: 90 }, { angleDeg: 100 }) })
    expect((await searchesOf('all'))[0]?.searchCount).to.equal(1)
    expect(await predictedOf('all')).to.be.closeTo(1 - (20 / 21) ** 2, 1e-12)
  })

  it('leaves out a probe that searched nobody, and an investigation, which has no threshold', async () => {
    expect((await bench.identify(0, ['one'], { image: aFace(0, 5) })).outcome).to.equal('inconclusive')
    const { candidates } = await bench.identify(0, ['one'], { threshold: { kind: 'investigation' } })
    expect(candidates).to.have.length(1)
    expect(await searchesOf('one')).to.deep.equal([])
  })

  it('counts searches with fingers apart, and predicts nothing of them', async () => {
    const fingers = [aFingerInput('A', 1, 'right-index')]
    await bench.identify(0, ['one'], { fingers })
    await bench.identify(0, ['one'], { fingers, image: null })
    await bench.identify(0, ['one'])
    const found = (await searchesOf('one')).map(({ algorithm, verdict }) => [algorithm.split(' + ').length, verdict])
    expect(found).to.have.deep.members([
      [1, 'too-few-searches'],
      [2, 'not-predicted'],
      [1, 'not-predicted'],
    ])
  })

  it('predicts nothing without a calibration', async () => {
    const without = await ServiceBench.open()
    await without.addGallery('one')
    await without.identify(0, ['one'])
    const { searches } = await without.services.monitor.read('one', ALL_DAYS)
    expect(searches[0]).to.include({ searchCount: 1, predicted: null, verdict: 'not-predicted' })
    await without.close()
  })

  it('moves the observed rate with each outcome', async () => {
    const searched = [await bench.identify(0, ['one']), await bench.identify(10, ['one'])]
    for (let i = 0; i < 8; i++) await bench.identify(180, ['one'])
    const observed = async () => {
      const [counts] = await searchesOf('one')
      return [counts?.observed?.leastRate, counts?.observed?.mostRate]
    }
    expect(await observed()).to.deep.equal([0, 2 / 10])
    const report = { searchId: searched[0]!.searchId, outcome: 'different-people', galleryIds: [] } as const
    await bench.services.monitor.report(report)
    expect(await observed()).to.deep.equal([1 / 9, 2 / 10])
    await bench.services.monitor.report({ ...report, searchId: searched[1]!.searchId, outcome: 'same-person' })
    expect(await observed()).to.deep.equal([1 / 9, 1 / 9])
  })

  it('is the same after a restart, which stores what is pending', async () => {
    const { searchId } = await bench.identify(0, ['two'])
    bench = await bench.restarted()
    await bench.services.monitor.report({ searchId, outcome: 'same-person', galleryIds: [] })
    bench = await bench.restarted()
    expect((await searchesOf('two'))[0]).to.include({ searchCount: 1, alarmCount: 1, samePersonCount: 1 })
    expect(await predictedOf('two')).to.be.closeTo(2 / 22, 1e-12)
  })

  it('shows the days asked for, by default 90 up to today', async () => {
    const today = dayOf(bench.clock.nowMs)
    await bench.identify(0, ['one'])
    bench.clock.nowMs += 89 * DAY_MS
    await bench.identify(0, ['one'])
    const countOf = async (fromDay: string, toDay: string) =>
      (await searchesOf('one', { fromDay, toDay }))[0]?.searchCount
    expect(await countOf('', '')).to.equal(2)
    expect(await countOf('', dayText(today + 88))).to.equal(1)
    expect(await countOf(dayText(today + 1), '')).to.equal(1)
    bench.clock.nowMs += DAY_MS
    expect(await countOf('', '')).to.equal(1)
    expect(await bench.services.monitor.read('one', { fromDay: '', toDay: '2023-11-14' })).to.include({
      fromDay: '2023-08-17',
      toDay: '2023-11-14',
    })
  })

  it('refuses days that are none, in the wrong order, and galleries that a false alarm has no use for', async () => {
    const { monitor } = bench.services
    for (const fromDay of ['yesterday', '2026-02-30', '2026-1-1', '2026-01-01T00:00:00Z'])
      expect(await errorOf(monitor.read('one', { fromDay, toDay: '' }))).to.include({ field: 'from_day' })
    const backwards = { fromDay: '2026-01-02', toDay: '2026-01-01' }
    expect(await errorOf(monitor.read('one', backwards))).to.include({ code: 'INVALID_ARGUMENT', field: 'from_day' })
    const report = { searchId: 'x', outcome: 'different-people', galleryIds: ['one'] } as const
    expect(await errorOf(monitor.report(report))).to.include({ code: 'INVALID_ARGUMENT', field: 'gallery_ids' })
    expect(await errorOf(monitor.report({ ...report, searchId: '', galleryIds: [] }))).to.include({
      field: 'search_id',
    })
  })

  it('stores what it counted within a second or two, without being asked', async () => {
    await bench.identify(0, ['one'])
    const stored = () => bench.store.monitorCounts('one', 0, 100_000)
    expect(await stored()).to.deep.equal([]) // no search waits for a commit
    for (let i = 0; i < 40 && (await stored()).length === 0; i++) await sleep(100)
    expect((await stored())[0]).to.include({ searchCount: 1, alarmCount: 1 })
  })

  it('keeps what it cannot store, says so, and stores it when it can', async () => {
    const file = await StoreBench.open()
    const errors: string[] = []
    const ignore = () => undefined
    const logger: Logger = { info: ignore, warn: ignore, error: (_, message) => errors.push(message) }
    const store: MonitorStore = {
      addToMonitor: (batch) => file.store.addToMonitor(batch),
      reportOutcome: (report) => file.store.reportOutcome(report),
      monitorCounts: (...asked) => file.store.monitorCounts(...asked),
    }
    const monitor = new GalleryMonitor({ store, calibration: circleCalibration(), logger, now: () => 0 })
    await bench.addGallery('a')
    await bench.enrol('sa', 0, ['a'])
    const found = [await bench.identify(0, ['a']), await bench.identify(5, ['a'])]
    const outcome = { outcome: 'same-person', galleryIds: [] } as const

    await file.store.close()
    monitor.record(found[0]!)
    expect(await errorOf(monitor.flush())).to.have.property('code', 'UNAVAILABLE')
    monitor.record(found[1]!)
    expect(await errorOf(monitor.report({ ...outcome, searchId: found[0]!.searchId }))).to.have.property(
      'code',
      'UNAVAILABLE',
    )
    await monitor.close()
    expect(errors).to.deep.equal(['the counts of the monitor could not be stored'])

    await file.restart()
    for (const { searchId } of found) await monitor.report({ ...outcome, searchId })
    expect((await monitor.read('a', { fromDay: '', toDay: '' })).searches[0]).to.include({
      searchCount: 2,
      alarmCount: 2,
      samePersonCount: 2,
      pendingCount: 0,
    })
    await file.close()
  })
})
