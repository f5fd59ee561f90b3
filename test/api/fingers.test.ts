import { status as Code } from '@grpc/grpc-js'
import { expect } from 'chai'
import { definitions } from '../../src/api/proto.js'
import { aFingerRecord } from '../support/finger-samples.js'
import { aFace } from './support/faces.js'
import { createGallery, startService, type RunningService } from './support/running-service.js'

const { CreateSubject, GetSubject } = definitions.enrolment
const { Identify, Verify } = definitions.identification
const { GetIndexStatus } = definitions.index

// Goal: fingers cross the wire whole, both ways. Method: the whole service behind a socket, synthetic impressions.
describe('Fingers over gRPC', () => {
  let service: RunningService
  before(async () => {
    service = await startService()
    await createGallery(service.client, 'watchlist')
    await enrol('a', 'A', aFace(0))
    await enrol('b', 'B')
  })
  after(() => service.stop())

  const template = (finger: string, impression: number) => ({
    template: { data: aFingerRecord(finger, impression, 'right-index') },
  })
  const enrol = (subjectId: string, finger: string, face?: Buffer | Uint8Array) =>
    service.client.call(CreateSubject, {
      subjectId,
      galleryIds: ['watchlist'],
      encounter: {
        encounterId: `${subjectId}-e`,
        samples: face === undefined ? [] : [{ data: face }],
        fingers: [template(finger, 1)],
      },
    })

  it('shows an enrolled finger', async () => {
    const { encounters } = await service.client.call(GetSubject, { subjectId: 'b' })
    const [sample] = encounters[0]?.samples ?? []
    expect(sample).to.deep.include({ kind: 'finger-record', image: null, face: null, quality: null })
    expect(sample?.finger).to.deep.include({
      position: 'FINGER_POSITION_RIGHT_INDEX',
      quality: 80,
      format: 'iso-19794-2-2005',
      extractor: '',
    })
  })

  it('identifies by finger alone', async () => {
    const request = { fingers: [template('B', 2)], galleryIds: ['watchlist'] }
    const { outcome, candidates, threshold, evidence, fingers, image } = await service.client.call(Identify, request)
    expect(outcome).to.equal('REFER_FOR_REVIEW')
    expect(candidates.map(({ subjectId }) => subjectId)).to.deep.equal(['b'])
    expect(candidates[0]?.scores).to.have.length(1)
    expect(candidates[0]?.scores[0]).to.deep.include({ part: 'right-index', bestEncounterId: 'b-e' })
    expect(threshold).to.deep.include({ scale: '-log10(fmr)', score: 3 })
    expect(evidence?.parts[0]).to.deep.include({ part: 'right-index', searchMode: 'exhaustive', comparedCount: 2 })
    expect(fingers).to.have.length(1)
    expect(image).to.equal(null)
  })

  it('identifies by face and finger together, and each part is shown', async () => {
    const request = { probe: { data: aFace(0) }, fingers: [template('A', 2)], galleryIds: ['watchlist'] }
    const { candidates, evidence } = await service.client.call(Identify, request)
    expect(candidates[0]?.subjectId).to.equal('a')
    expect(candidates[0]?.scores.map(({ part }) => part)).to.deep.equal(['face', 'right-index'])
    expect(evidence?.parts.map(({ part }) => part)).to.deep.equal(['face', 'right-index'])
  })

  it('verifies fingers against a subject and against fingers', async () => {
    const subject = await service.client.call(Verify, { fingers: [template('A', 2)], referenceSubjectId: 'a' })
    expect(subject).to.deep.include({ decision: 'MATCH', bestEncounterId: 'a-e' })
    expect(subject.scores.map(({ part }) => part)).to.deep.equal(['right-index'])
    const other = await service.client.call(Verify, {
      fingers: [template('A', 2)],
      referenceFingers: [template('B', 1)],
    })
    expect(other.decision).to.equal('NON_MATCH')
  })

  it('extracts from an image, or says that there is no finger in it', async () => {
    const white = {
      data: Buffer.alloc(300 * 300, 255),
      format: 'FINGER_IMAGE_FORMAT_GRAY8',
      widthPx: 300,
      heightPx: 300,
    }
    const image = { ...white, resolutionDpi: 500 } as const
    const { outcome, reasons } = await service.client.call(Identify, {
      fingers: [{ image } as never],
      galleryIds: ['watchlist'],
    })
    expect(outcome).to.equal('INCONCLUSIVE')
    expect(reasons).to.have.length(1)
  })

  it('says what is wrong with a sample', async () => {
    const wrong: readonly (readonly [object, string, Code])[] = [
      [{}, 'fingers[0]', Code.INVALID_ARGUMENT],
      [{ template: { data: Buffer.alloc(0) } }, 'fingers[0].template.data', Code.INVALID_ARGUMENT],
      [{ image: { data: Buffer.from('rubbish') } }, 'fingers[0].image.format', Code.INVALID_ARGUMENT],
      [{ ...template('A', 1), position: 99 }, 'fingers[0].position', Code.INVALID_ARGUMENT],
    ]
    for (const [finger, field, code] of wrong) {
      const request = { fingers: [finger], galleryIds: ['watchlist'] }
      const refusal = await service.client.refusal(Identify, request)
      expect([refusal.code, refusal.badRequest?.fieldViolations[0]?.field]).to.deep.equal([code, field])
    }
  })

  it('tells of the index of fingers', async () => {
    const { fingers } = await service.client.call(GetIndexStatus, {})
    expect(fingers).to.deep.include({ state: 'INDEX_STATE_READY', referenceCount: 2 })
    expect(fingers?.algorithm).to.match(/^[\w.-]+@[0-9a-f]{12}$/)
  })
})
