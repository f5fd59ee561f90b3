import { status as Code } from '@grpc/grpc-js'
import { expect } from 'chai'
import { definitions } from '../../src/api/proto.js'
import { LIMITS } from '../../src/domain/limits.js'
import { CIRCLE } from '../support/stored-things.js'
import { featuresAt } from '../support/synthetic-analyser.js'
import { drainStream } from './support/client.js'
import { decodeStatus } from './support/details.js'
import { aFace } from './support/faces.js'
import { createGallery, startService, type RunningService } from './support/running-service.js'

const { GetSubject, MergeSubjects, DeleteSubject } = definitions.enrolment
const { Identify } = definitions.identification
const { ImportTemplates } = definitions.templates

// Goal: templates without samples become searchable, each one alone at fault for what is wrong with it.
// Method: the whole service behind a socket; templates at known angles.
describe('ImportTemplates', () => {
  let service: RunningService
  beforeEach(async () => {
    service = await startService()
    await createGallery(service.client, 'watchlist')
  })
  afterEach(() => service.stop())

  const template = (subjectId: string, angleDeg: number, more = {}) => ({
    subjectId,
    template: { algorithm: CIRCLE, features: [...featuresAt(angleDeg)] },
    ...more,
  })

  async function send(...batches: readonly object[]) {
    const stream = service.client.stream(ImportTemplates)
    batches.forEach((batch, i) => stream.write({ item: i + 1, galleryIds: ['watchlist'], ...batch }))
    stream.end()
    const { answers, status } = await drainStream(stream)
    expect(status.code).to.equal(Code.OK)
    return answers.toSorted((a, b) => a.item - b.item)
  }

  async function found(angleDeg: number): Promise<string[]> {
    const request = { probe: { data: aFace(angleDeg) }, galleryIds: ['watchlist'], thresholdScore: 0.99 }
    const { candidates } = await service.client.call(Identify, request)
    return candidates.map(({ subjectId }) => subjectId)
  }

  it('enrols subjects that the next search finds, and shows that there is no sample', async () => {
    const details = {
      displayName: 'A',
      attributes: { list: 'x' },
      source: 'old system',
      capturedAt: { seconds: 5, nanos: 0 },
    }
    const [answer] = await send({ templates: [template('a', 0, details), template('b', 90), template('a', 40)] })
    expect(answer?.imported).to.deep.equal({ importedCount: 3, alreadyThereCount: 0, failed: [] })
    expect(await found(0)).to.deep.equal(['a'])
    expect(await found(40)).to.deep.equal(['a'])
    const subject = await service.client.call(GetSubject, { subjectId: 'a' })
    expect(subject).to.deep.include({ displayName: 'A', attributes: { list: 'x' }, galleryIds: ['watchlist'] })
    expect(subject.encounters).to.have.length(2)
    const sample = {
      image: null,
      face: null,
      quality: null,
      algorithm: CIRCLE,
      kind: 'imported-template',
      finger: null,
    }
    expect(subject.encounters[0]).to.deep.include({ source: 'old system', samples: [sample] })
  })

  it('is harmless to repeat', async () => {
    const batch = { templates: [template('a', 0), template('b', 90, { encounterId: 'chosen' })] }
    const answers = await send(batch, batch)
    expect(answers.map(({ imported }) => [imported?.importedCount, imported?.alreadyThereCount])).to.have.deep.members([
      [2, 0],
      [0, 2],
    ])
    expect((await service.client.call(GetSubject, { subjectId: 'a' })).encounters).to.have.length(1)
  })

  it('adds galleries to a subject that exists, and keeps its details', async () => {
    await createGallery(service.client, 'second')
    await send({ templates: [template('a', 0, { displayName: 'first' })] })
    await send({ galleryIds: ['second'], templates: [template('a', 10, { displayName: 'other' })] })
    const subject = await service.client.call(GetSubject, { subjectId: 'a' })
    expect(subject).to.deep.include({ displayName: 'first', galleryIds: ['second', 'watchlist'] })
  })

  it('fails each bad template alone, with the status of a single call', async () => {
    const features = (...values: number[]) => ({ template: { algorithm: CIRCLE, features: values } })
    const [answer] = await send({
      templates: [
        template('good', 0),
        template('', 1),
        template('nan', 2, features(NaN, ...featuresAt(0).subarray(1))),
        template('long', 3, features(...featuresAt(0), 0)),
        template('norm', 4, features(...featuresAt(0).map((value) => value * 2))),
        template('space', 5, { template: { algorithm: 'other@000000000001', features: [1] } }),
        template('none', 6, { template: null }),
        template('time', 7, { capturedAt: { seconds: 1e15, nanos: 0 } }),
        template('taken', 120, { encounterId: 'e' }),
        template('thief', 140, { encounterId: 'e' }),
        template('last', 60),
      ],
    })
    expect(answer?.imported?.importedCount).to.equal(3)
    const failed = (answer?.imported?.failed ?? []).map(({ index, error }) => {
      return [index, decodeStatus(error ?? { code: 0, message: '', details: [] }).errorInfo?.reason]
    })
    expect(failed).to.deep.equal([
      ...[1, 2, 3, 4].map((index) => [index, 'INVALID_ARGUMENT']),
      ...[5, 6].map((index) => [index, 'MODEL_MISMATCH']),
      [7, 'INVALID_ARGUMENT'],
      [9, 'ENCOUNTER_EXISTS'],
    ])
    expect(await found(0)).to.deep.equal(['good'])
    expect(await found(60)).to.deep.equal(['last'])
    // nothing is half done: the one whose encounter was taken left no subject behind
    const thief = await service.client.refusal(GetSubject, { subjectId: 'thief' })
    expect(thief.errorInfo?.reason).to.equal('SUBJECT_NOT_FOUND')
  })

  it('refuses a batch as a whole when its galleries or its size are wrong', async () => {
    const many = Array.from({ length: LIMITS.templatesPerBatchMax + 1 }, (_, i) => template(`s${i}`, i))
    const answers = await send(
      { templates: [] },
      { templates: many },
      { galleryIds: ['unknown'], templates: [template('a', 0)] },
      { templates: many.slice(1) },
    )
    const reasons = answers.map(({ error }) => error && decodeStatus(error).errorInfo?.reason)
    expect(reasons.map((reason) => reason ?? null)).to.deep.equal([
      'INVALID_ARGUMENT',
      'INVALID_ARGUMENT',
      'GALLERY_NOT_FOUND',
      null,
    ])
    expect(answers[3]?.imported?.importedCount).to.equal(LIMITS.templatesPerBatchMax)
  })

  it('holds imported subjects to what every subject is held to: merge and delete', async () => {
    await send({ templates: [template('a', 0), template('b', 90)] })
    await service.client.call(MergeSubjects, { intoSubjectId: 'a', fromSubjectId: 'b' })
    expect(await found(90)).to.deep.equal(['a'])
    await service.client.call(DeleteSubject, { subjectId: 'a' })
    expect(await found(90)).to.deep.equal([])
  })
})
