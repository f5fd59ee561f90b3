import { status as Code } from '@grpc/grpc-js'
import { expect } from 'chai'
import { definitions } from '../../src/api/proto.js'
import { aCalibration } from '../support/calibrations.js'
import { drainStream } from './support/client.js'
import { decodeStatus } from './support/details.js'
import { aFace } from './support/faces.js'
import { createGallery, startService, type RunningService } from './support/running-service.js'

const { Identify, BatchIdentify } = definitions.identification
const { CreateSubject } = definitions.enrolment

// Goal: targets of false positives over the wire. Method: a calibration whose FMR is 10^(−4·score) and whose FPIR is
// N·FMR / (1 + N·FMR), and four references: a target of ½ needs FMR ¼, which is the score log10(4) / 4 = .1505.
describe('Identify with a target FPIR over gRPC', () => {
  let service: RunningService
  before(async () => {
    const face = aCalibration('circle@000000000001', 0.25)
    service = await startService({}, undefined, { face, finger: null })
    await createGallery(service.client, 'watch')
    for (const angleDeg of [60, 85, 95, 180])
      await service.client.call(CreateSubject, {
        subjectId: `at-${angleDeg}`,
        galleryIds: ['watch'],
        encounter: { samples: [{ data: aFace(angleDeg) }] },
      })
  })
  after(() => service.stop())

  const request = { probe: { data: aFace(0) }, galleryIds: ['watch'] }

  it('derives the threshold, and says what it predicts and what each candidate’s score means', async () => {
    const { threshold, candidates } = await service.client.call(Identify, { ...request, targetFpir: 0.5 })
    expect(threshold).to.deep.include({ source: 'target-fpir', scale: 'cosine' })
    expect(threshold?.score).to.be.closeTo(Math.log10(4) / 4, 1e-9)
    const { fpir } = threshold ?? {}
    expect(fpir).to.deep.include({ target: 0.5, referenceCount: 4, searchCount: 1, isExtrapolated: false })
    expect(fpir?.rate).to.be.closeTo(0.5, 1e-9)
    expect(fpir?.measuredOn).to.equal('nobody: rates to reckon with')
    expect(candidates.map(({ subjectId }) => subjectId)).to.deep.equal(['at-60'])
    expect(candidates[0]?.fmrAtScore).to.be.closeTo(1e-2, 1e-6) // cos 60° is .5
    expect(candidates[0]?.llr).to.be.closeTo(1, 1e-4)
    expect(candidates[0]?.scores[0]?.llr).to.equal(candidates[0]?.llr)
  })

  it('takes alerts and searches a day for the same', async () => {
    const alerts = { alertsPerDay: 600, searchesPerDay: 1_200 }
    const { threshold } = await service.client.call(Identify, { ...request, alerts })
    expect(threshold?.fpir?.target).to.equal(0.5)
    expect(threshold?.score).to.be.closeTo(Math.log10(4) / 4, 1e-9)
  })

  it('answers an investigation with the longest list and no threshold', async () => {
    const { threshold, candidates } = await service.client.call(Identify, { ...request, investigation: {} })
    expect(candidates.map(({ subjectId }) => subjectId)).to.deep.equal(['at-60', 'at-85', 'at-95', 'at-180'])
    expect(threshold).to.deep.include({ source: 'none', fpir: null, score: -1 })
    expect(threshold).to.not.have.property('fmr')
  })

  it('predicts for a score of the caller’s own', async () => {
    const { threshold } = await service.client.call(Identify, { ...request, thresholdScore: 0.25 })
    expect(threshold?.fpir?.rate).to.be.closeTo(0.4 / 1.4, 1e-9)
    expect(threshold?.fpir).to.not.have.property('target')
  })

  it('refuses two wishes at once, and what no rate can be', async () => {
    const alerts = { alertsPerDay: 1, searchesPerDay: 2 }
    const wishes = { thresholdScore: 0.5, targetFpir: 0.5, alerts, investigation: {} }
    const names = Object.keys(wishes) as (keyof typeof wishes)[]
    const pairs = names.flatMap((a, i) => names.slice(i + 1).map((b) => ({ [a]: wishes[a], [b]: wishes[b] })))
    expect(pairs).to.have.length(6)
    for (const pair of pairs) {
      const refusal = await service.client.refusal(Identify, { ...request, ...pair })
      expect(refusal.code).to.equal(Code.INVALID_ARGUMENT)
      expect(refusal.badRequest?.fieldViolations[0]?.field).to.equal('threshold_wish')
    }
    for (const targetFpir of [0, 1, NaN, Infinity]) {
      const refusal = await service.client.refusal(Identify, { ...request, targetFpir })
      expect(refusal.badRequest?.fieldViolations[0]?.field).to.equal('target_fpir')
    }
    const nothing = await service.client.refusal(Identify, { ...request, alerts: {} })
    expect(nothing.badRequest?.fieldViolations[0]?.field).to.equal('alerts.searches_per_day')
  })

  it('says which target is the rarest that it can keep', async () => {
    const refusal = await service.client.refusal(Identify, { ...request, targetFpir: 1e-6 })
    expect(refusal.code).to.equal(Code.INVALID_ARGUMENT)
    expect(refusal.message).to.include('at least 0.00040, the rarest that is known for 4 references') // 4·10^−4 / 1.0004
  })

  it('takes the same in a stream of probes', async () => {
    const stream = service.client.stream(BatchIdentify)
    stream.write({ item: 1, request: { ...request, targetFpir: 0.5 } })
    stream.write({ item: 2, request: { ...request, investigation: {} } })
    stream.write({ item: 3, request: { ...request, investigation: {}, targetFpir: 0.5 } })
    stream.end()
    const { answers } = await drainStream(stream)
    const told = answers
      .toSorted((a, b) => a.item - b.item)
      .map(({ response, error }) => response?.threshold?.source ?? (error && decodeStatus(error).errorInfo?.reason))
    expect(told).to.deep.equal(['target-fpir', 'none', 'INVALID_ARGUMENT'])
  })

  it('refuses a target where no calibration can promise one', async () => {
    const bare = await startService()
    try {
      await createGallery(bare.client, 'watch')
      for (const wish of [{ targetFpir: 0.1 }, { alerts: { alertsPerDay: 1, searchesPerDay: 9 } }]) {
        const refusal = await bare.client.refusal(Identify, { ...request, ...wish })
        expect([refusal.code, refusal.errorInfo?.reason]).to.deep.equal([Code.FAILED_PRECONDITION, 'NOT_CALIBRATED'])
      }
    } finally {
      await bare.stop()
    }
  })
})
