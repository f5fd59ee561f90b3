import { status as Code } from '@grpc/grpc-js'
import { expect } from 'chai'
import { definitions } from '../../src/api/proto.js'
import type { RunningServer } from '../../src/api/server.js'
import { serverOf } from '../cli/support/cli-bench.js'
import { circleCalibrations } from '../support/circle-calibration.js'
import { ServiceBench } from '../support/service-bench.js'
import { CIRCLE } from '../support/stored-things.js'
import { TestClient } from './support/client.js'
import { aFace } from './support/faces.js'

const { GetGalleryMonitor, DeleteGallery } = definitions.galleries
const { Identify, ReportOutcome } = definitions.identification

// Goal: predicted and observed side by side, from searches and outcomes that came over the wire. Method: the whole service and a client;
// galleries of five references, whose FPIR is 1/5 by the calibration.
describe('GetGalleryMonitor and ReportOutcome over gRPC', () => {
  let bench: ServiceBench
  let server: RunningServer
  let client: TestClient

  beforeEach(async () => {
    bench = await ServiceBench.open(undefined, undefined, undefined, circleCalibrations())
    for (const id of ['un', 'police']) await bench.addGallery(id)
    for (let i = 0; i < 5; i++) await bench.enrol(`s${i}`, 3 * i, ['un', 'police'])
    await start()
  })
  afterEach(async () => {
    await stop()
    await bench.close()
  })

  async function start(): Promise<void> {
    server = await serverOf(bench)
    client = new TestClient(server.port)
  }

  async function stop(): Promise<void> {
    client.close()
    await server.drain()
  }

  const identify = (angleDeg: number, ...galleryIds: readonly string[]) =>
    client.call(Identify, { probe: { data: aFace(angleDeg) }, galleryIds: [...galleryIds] })
  const monitorOf = async (galleryId: string) => {
    const { searches } = await client.call(GetGalleryMonitor, { galleryId })
    expect(searches).to.have.length(1)
    return searches[0]!
  }

  it('shows them, before and after outcomes', async () => {
    const alarms = [await identify(0, 'un'), await identify(20, 'un'), await identify(40, 'un')]
    for (let i = 0; i < 97; i++) await identify(180, 'un')
    const before = await monitorOf('un')
    expect(before).to.include({ algorithm: CIRCLE, searchCount: 100, alarmCount: 3, pendingCount: 3 })
    expect(before.predicted?.fpir).to.be.closeTo(1 / 5, 1e-12)
    expect(before.observed).to.include({ leastFpir: 0, mostFpir: 3 / 100, lower95: 0 })
    expect(before.verdict).to.equal('LOWER_THAN_PREDICTED') // 3 of 100 at most, where 20 were predicted

    const outcomes = ['SAME_PERSON', 'DIFFERENT_PEOPLE', 'OUTCOME_INCONCLUSIVE'] as const
    for (const [i, outcome] of outcomes.entries())
      await client.call(ReportOutcome, { searchId: alarms[i]!.searchId, outcome })
    const after = await monitorOf('un')
    expect(after).to.include({ samePersonCount: 1, differentPeopleCount: 1, inconclusiveCount: 1, pendingCount: 0 })
    expect(after.observed).to.include({ leastFpir: 1 / 98, mostFpir: 2 / 99 })
  })

  it('keeps everything through a restart', async () => {
    const { searchId } = await identify(0, 'un')
    await client.call(ReportOutcome, { searchId, outcome: 'DIFFERENT_PEOPLE' })
    await identify(180, 'un')
    const before = await monitorOf('un')
    await stop()
    bench = await bench.restarted()
    await start()
    expect(await monitorOf('un')).to.deep.equal(before)
    expect(before).to.include({ searchCount: 2, alarmCount: 1, differentPeopleCount: 1 })
    expect(await client.call(ReportOutcome, { searchId, outcome: 'DIFFERENT_PEOPLE' })).to.deep.equal({
      isRepeated: true,
    })
  })

  it('counts an outcome once, however many report it at the same time, and one of two that contradict each other', async () => {
    const { searchId } = await identify(0, 'un', 'police')
    const same = Array.from({ length: 20 }, () => client.call(ReportOutcome, { searchId, outcome: 'SAME_PERSON' }))
    const repeated = (await Promise.all(same)).filter(({ isRepeated }) => isRepeated)
    expect(repeated).to.have.length(19)

    const other = await identify(5, 'un', 'police')
    const both = (['SAME_PERSON', 'DIFFERENT_PEOPLE'] as const).map((outcome) =>
      client.call(ReportOutcome, { searchId: other.searchId, outcome }),
    )
    const settled = await Promise.allSettled(both)
    expect(settled.map(({ status }) => status).sort()).to.deep.equal(['fulfilled', 'rejected'])
    for (const galleryId of ['un', 'police']) {
      const { samePersonCount, differentPeopleCount, alarmCount } = await monitorOf(galleryId)
      expect([alarmCount, samePersonCount + differentPeopleCount]).to.deep.equal([2, 2])
    }
  })

  it('makes a person of one list a false positive of the other', async () => {
    const { searchId } = await identify(0, 'un', 'police')
    await client.call(ReportOutcome, { searchId, outcome: 'SAME_PERSON', galleryIds: ['police'] })
    expect(await monitorOf('un')).to.include({ samePersonCount: 0, differentPeopleCount: 1 })
    expect(await monitorOf('police')).to.include({ samePersonCount: 1, differentPeopleCount: 0 })
  })

  it('refuses what it cannot count, and says why', async () => {
    const quiet = await identify(180, 'un')
    const nobody = await client.refusal(ReportOutcome, { searchId: quiet.searchId, outcome: 'SAME_PERSON' })
    expect([nobody.code, nobody.errorInfo?.reason]).to.deep.equal([Code.NOT_FOUND, 'SEARCH_NOT_FOUND'])
    expect(nobody.message).to.include('searches that referred candidates, at most 90 days old')
    expect(nobody.message).not.to.include(quiet.searchId)

    const { searchId } = await identify(0, 'un')
    const nothing = await client.refusal(ReportOutcome, { searchId })
    expect(nothing.badRequest?.fieldViolations[0]?.field).to.equal('outcome')
    await client.call(ReportOutcome, { searchId, outcome: 'SAME_PERSON' })
    const contradiction = await client.refusal(ReportOutcome, { searchId, outcome: 'DIFFERENT_PEOPLE' })
    expect(contradiction.code).to.equal(Code.FAILED_PRECONDITION)
    expect(contradiction.errorInfo?.reason).to.equal('OUTCOME_CONFLICT')

    const unknown = await client.refusal(GetGalleryMonitor, { galleryId: 'absent' })
    expect([unknown.code, unknown.errorInfo?.reason]).to.deep.equal([Code.NOT_FOUND, 'GALLERY_NOT_FOUND'])
    const noDay = await client.refusal(GetGalleryMonitor, { galleryId: 'un', fromDay: '1 May' })
    expect(noDay.badRequest?.fieldViolations[0]?.field).to.equal('from_day')
  })

  it('forgets a gallery that is deleted, with its alarms', async () => {
    const { searchId } = await identify(0, 'un')
    await client.call(DeleteGallery, { galleryId: 'un', removeMemberships: true })
    expect((await client.refusal(GetGalleryMonitor, { galleryId: 'un' })).errorInfo?.reason).to.equal(
      'GALLERY_NOT_FOUND',
    )
    const late = await client.refusal(ReportOutcome, { searchId, outcome: 'SAME_PERSON' })
    expect(late.errorInfo?.reason).to.equal('SEARCH_NOT_FOUND')
    await bench.addGallery('un')
    expect((await client.call(GetGalleryMonitor, { galleryId: 'un' })).searches).to.deep.equal([])
  })
})
