import { status as Code } from '@grpc/grpc-js'
import { expect } from 'chai'
import { definitions } from '../../src/api/proto.js'
import { aFace, noFace } from './support/faces.js'
import { createGallery, startService, type RunningService } from './support/running-service.js'

const { Identify, Verify } = definitions.identification
const { CreateSubject } = definitions.enrolment

// Goal: 1:N and 1:1 over the wire. Method: subjects at known angles, so that each score is a cosine that can be checked.
describe('IdentificationService over gRPC', () => {
  let service: RunningService
  before(async () => {
    service = await startService()
    for (const galleryId of ['national', 'partner']) await createGallery(service.client, galleryId)
    for (const [angleDeg, galleryId] of [
      [10, 'national'],
      [40, 'national'],
      [20, 'partner'],
    ] as const)
      await service.client.call(CreateSubject, {
        subjectId: `at-${angleDeg}`,
        externalId: `X.${angleDeg}`,
        displayName: `Person at ${angleDeg}`,
        galleryIds: [galleryId],
        encounter: { encounterId: `e-${angleDeg}`, samples: [{ data: aFace(angleDeg) }] },
      })
  })
  after(() => service.stop())

  const probe = { data: aFace(0) }

  it('returns candidates of the named galleries, most similar first, and how the answer was reached', async () => {
    const found = await service.client.call(Identify, { probe, galleryIds: ['national'], thresholdScore: 0.5 })
    expect(found.outcome).to.equal('REFER_FOR_REVIEW')
    expect(found.candidates.map(({ subjectId, rank }) => [subjectId, rank])).to.deep.equal([
      ['at-10', 1],
      ['at-40', 2],
    ])
    expect(found.candidates[0]?.score).to.be.closeTo(0.9848, 1e-4) // cos 10°
    expect(found.candidates[1]?.score).to.be.closeTo(0.766, 1e-4) // cos 40°
    expect(found.candidates[0]).to.deep.include({
      externalId: 'X.10',
      displayName: 'Person at 10',
      bestEncounterId: 'e-10',
      galleryIds: ['national'],
      faceIndex: 0,
    })
    expect(found.threshold).to.deep.equal({
      scale: 'cosine',
      score: 0.5,
      source: 'request',
      measuredOn: '',
      fpir: null,
    })
    expect(found.evidence).to.deep.include({
      algorithm: service.analyser.algorithm.algorithm,
      galleries: [{ galleryId: 'national', referenceCount: 2 }],
      searchMode: 'exact',
      referencesCoveredCount: 2,
      referencesNotSearchedCount: 0,
      indexAgeMs: 0,
    })
    expect(found.searchId).to.match(/^[0-9a-f-]{36}$/)
    expect(found.faces).to.have.length(1)
    expect(found.timings.map(({ stage }) => stage)).to.include('search')
    expect(found.probeRetained).to.equal(false)
  })

  it('says which measured threshold it took when the caller names none', async () => {
    const { threshold } = await service.client.call(Identify, { probe, galleryIds: ['national'] })
    const { defaultFmr, operatingPoints } = service.analyser.algorithm
    const point = operatingPoints.find(({ fmr }) => fmr === defaultFmr)
    expect(threshold).to.include({ score: point?.score, source: 'manifest', fmr: defaultFmr })
  })

  it('answers NO_CANDIDATE when nobody is similar enough, INCONCLUSIVE when there is no face', async () => {
    const nobody = await service.client.call(Identify, { probe, galleryIds: ['national'], thresholdScore: 0.99 })
    expect([nobody.outcome, nobody.candidates]).to.deep.equal(['NO_CANDIDATE', []])
    const faceless = await service.client.call(Identify, { probe: { data: noFace() }, galleryIds: ['national'] })
    expect(faceless.outcome).to.equal('INCONCLUSIVE')
    expect(faceless.reasons).to.not.have.length(0)
    expect(faceless.evidence?.comparedCount).to.equal(0)
  })

  it('refuses a search without galleries, in one that does not exist, and with thresholds that are no scores', async () => {
    const none = await service.client.refusal(Identify, { probe })
    expect(none.badRequest?.fieldViolations[0]?.field).to.equal('gallery_ids')
    const unknown = await service.client.refusal(Identify, { probe, galleryIds: ['nowhere'] })
    expect([unknown.code, unknown.errorInfo?.reason]).to.deep.equal([Code.NOT_FOUND, 'GALLERY_NOT_FOUND'])
    for (const thresholdScore of [NaN, 1.01, -1.01]) {
      const wrong = await service.client.refusal(Identify, { probe, galleryIds: ['national'], thresholdScore })
      expect(wrong.badRequest?.fieldViolations[0]?.field).to.equal('threshold_score')
    }
    const empty = await service.client.refusal(Identify, { galleryIds: ['national'] })
    expect(empty.badRequest?.fieldViolations[0]?.field).to.equal('probe')
  })

  it('verifies against an image and against a subject', async () => {
    const same = await service.client.call(Verify, { probe, referenceImage: { data: aFace(10) }, thresholdScore: 0.9 })
    expect(same).to.include({ decision: 'MATCH', bestEncounterId: '' })
    expect(same.score).to.be.closeTo(0.9848, 1e-4)
    expect(same.referenceFace?.landmarks).to.have.length(5)

    const other = await service.client.call(Verify, { probe, referenceSubjectId: 'at-40', thresholdScore: 0.9 })
    expect(other).to.include({ decision: 'NON_MATCH', bestEncounterId: 'e-40' })
    expect(other.score).to.be.closeTo(0.766, 1e-4)
  })

  it('leaves a verification undetermined, without a score, when a side has no face', async () => {
    const undetermined = await service.client.call(Verify, { probe, referenceImage: { data: noFace() } })
    expect(undetermined.decision).to.equal('UNDETERMINED')
    expect(undetermined).to.not.have.property('score')
    expect(undetermined.reasons).to.not.have.length(0)
  })

  it('refuses a verification without a reference, or against nobody', async () => {
    const none = await service.client.refusal(Verify, { probe })
    expect(none.badRequest?.fieldViolations[0]?.field).to.equal('reference')
    const nobody = await service.client.refusal(Verify, { probe, referenceSubjectId: 'nobody' })
    expect(nobody.errorInfo?.reason).to.equal('SUBJECT_NOT_FOUND')
  })
})
