import { status as Code } from '@grpc/grpc-js'
import { expect } from 'chai'
import { definitions } from '../../src/api/proto.js'
import { aFace, noFace, notAnImage } from './support/faces.js'
import { createGallery, startService, type RunningService } from './support/running-service.js'

const methods = definitions.enrolment

// Goal: every unary rpc of EnrolmentService does over the wire what its proto says; its errors carry their details.
// Method: the whole service behind a socket, and a client that knows nothing but the proto files.
describe('EnrolmentService over gRPC', () => {
  let service: RunningService
  beforeEach(async () => {
    service = await startService()
    await createGallery(service.client, 'watchlist')
  })
  afterEach(() => service.stop())

  const person = {
    subjectId: 's-1',
    externalId: 'QDi.001',
    displayName: 'A. Person',
    attributes: { eyes: 'brown' },
    galleryIds: ['watchlist'],
    encounter: {
      encounterId: 'e-1',
      source: 'passport 2019',
      capturedAt: { seconds: 1_560_000_000, nanos: 250_000_000 },
      samples: [{ data: aFace(10) }],
    },
  }

  it('creates a subject with its first encounter and gives it again', async () => {
    const subject = await service.client.call(methods.CreateSubject, person)
    const { encounter, ...details } = person
    expect(subject).to.deep.include(details)
    expect(subject.encounters).to.have.length(1)
    expect(subject.encounters[0]).to.deep.include({
      encounterId: 'e-1',
      status: 'ENCOUNTER_STATUS_ACTIVE',
      source: 'passport 2019',
      capturedAt: encounter.capturedAt,
    })
    const [sample] = subject.encounters[0]?.samples ?? []
    expect(sample?.image).to.include({ format: 'png' })
    expect(sample?.face?.landmarks).to.have.length(5)
    expect(sample?.quality?.quality).to.be.within(0, 100)
    expect(sample?.algorithm).to.equal(service.analyser.algorithm.algorithm)
    expect(await service.client.call(methods.GetSubject, { subjectId: 's-1' })).to.deep.equal(subject)
  })

  it('chooses ids where none are given', async () => {
    const { subjectId, encounters } = await service.client.call(methods.CreateSubject, {
      encounter: { samples: [{ data: aFace(0) }] },
    })
    expect(subjectId).to.match(/^[0-9a-f-]{36}$/)
    expect(encounters[0]?.encounterId).to.match(/^[0-9a-f-]{36}$/)
    expect(encounters[0]?.capturedAt).to.equal(null)
  })

  it('adds an encounter, switches it off, and replaces the galleries', async () => {
    await service.client.call(methods.CreateSubject, person)
    const encounter = { encounterId: 'e-2', samples: [{ data: aFace(12) }] }
    const added = await service.client.call(methods.AddEncounter, { subjectId: 's-1', encounter })
    expect(added.encounters.map(({ encounterId }) => encounterId)).to.deep.equal(['e-1', 'e-2'])

    const status = 'ENCOUNTER_STATUS_INACTIVE' as const
    const off = await service.client.call(methods.UpdateEncounterStatus, {
      subjectId: 's-1',
      encounterId: 'e-2',
      status,
    })
    expect(off.encounters.map((each) => each.status)).to.deep.equal(['ENCOUNTER_STATUS_ACTIVE', status])

    const moved = await service.client.call(methods.SetGalleries, { subjectId: 's-1', galleryIds: [] })
    expect(moved.galleryIds).to.deep.equal([])
  })

  it('lists a gallery in the order of enrolment, page by page', async () => {
    for (const subjectId of ['z', 'a', 'm'])
      await service.client.call(methods.CreateSubject, { subjectId, galleryIds: ['watchlist'] })
    await service.client.call(methods.CreateSubject, { subjectId: 'in-no-gallery' })
    const first = await service.client.call(methods.ListSubjects, { galleryId: 'watchlist', pageSize: 2 })
    const second = await service.client.call(methods.ListSubjects, {
      galleryId: 'watchlist',
      pageSize: 2,
      pageToken: first.nextPageToken,
    })
    const ids = [...first.subjects, ...second.subjects].map(({ subjectId }) => subjectId)
    expect(ids).to.deep.equal(['z', 'a', 'm'])
    expect(second.nextPageToken).to.equal('')
    expect((await service.client.call(methods.ListSubjects, {})).subjects).to.have.length(4)
  })

  it('merges two subjects and deletes one', async () => {
    await service.client.call(methods.CreateSubject, person)
    await service.client.call(methods.CreateSubject, {
      subjectId: 's-2',
      encounter: { encounterId: 'e-9', samples: [{ data: aFace(11) }] },
    })
    const merged = await service.client.call(methods.MergeSubjects, { intoSubjectId: 's-1', fromSubjectId: 's-2' })
    expect(merged.encounters.map(({ encounterId }) => encounterId)).to.have.members(['e-1', 'e-9'])
    const gone = await service.client.refusal(methods.GetSubject, { subjectId: 's-2' })
    expect([gone.code, gone.errorInfo?.reason]).to.deep.equal([Code.NOT_FOUND, 'SUBJECT_NOT_FOUND'])

    expect(await service.client.call(methods.DeleteSubject, { subjectId: 's-1' })).to.deep.equal({})
    const deleted = await service.client.refusal(methods.DeleteSubject, { subjectId: 's-1' })
    expect(deleted.errorInfo?.reason).to.equal('SUBJECT_NOT_FOUND')
  })

  it('repeats the first answer for a repeated request, whatever the order of its attributes', async () => {
    const request = { ...person, requestId: 'r-1', attributes: { eyes: 'brown', height: '180' } }
    const first = await service.client.call(methods.CreateSubject, request)
    const again = await service.client.call(methods.CreateSubject, {
      ...request,
      attributes: { height: '180', eyes: 'brown' },
    })
    expect(again).to.deep.equal(first)
    expect(service.analyser.startedCount).to.equal(1)

    const refusal = await service.client.refusal(methods.CreateSubject, { ...request, displayName: 'Another' })
    expect([refusal.code, refusal.errorInfo?.reason]).to.deep.equal([Code.INVALID_ARGUMENT, 'REQUEST_ID_REUSED'])
  })

  it('refuses what is taken or not there', async () => {
    await service.client.call(methods.CreateSubject, person)
    const reasonOf = async (refusal: ReturnType<typeof service.client.refusal>) => {
      const { code, errorInfo } = await refusal
      return [Code[code], errorInfo?.reason]
    }
    const encounter = { encounterId: 'e-1', samples: [{ data: aFace(1) }] }
    expect(await reasonOf(service.client.refusal(methods.CreateSubject, person))).to.deep.equal([
      'ALREADY_EXISTS',
      'SUBJECT_EXISTS',
    ])
    expect(await reasonOf(service.client.refusal(methods.AddEncounter, { subjectId: 's-1', encounter }))).to.deep.equal(
      ['ALREADY_EXISTS', 'ENCOUNTER_EXISTS'],
    )
    expect(
      await reasonOf(service.client.refusal(methods.AddEncounter, { subjectId: 'nobody', encounter })),
    ).to.deep.equal(['NOT_FOUND', 'SUBJECT_NOT_FOUND'])
    expect(
      await reasonOf(
        service.client.refusal(methods.UpdateEncounterStatus, { subjectId: 's-1', encounterId: 'e-7', status: 1 }),
      ),
    ).to.deep.equal(['NOT_FOUND', 'ENCOUNTER_NOT_FOUND'])
    expect(
      await reasonOf(service.client.refusal(methods.SetGalleries, { subjectId: 's-1', galleryIds: ['none'] })),
    ).to.deep.equal(['NOT_FOUND', 'GALLERY_NOT_FOUND'])
  })

  it('refuses an encounter as a whole when one sample has no face, and says which and why', async () => {
    const samples = [{ data: aFace(0) }, { data: noFace() }]
    const refusal = await service.client.refusal(methods.CreateSubject, { ...person, encounter: { samples } })
    expect([refusal.code, refusal.errorInfo?.reason]).to.deep.equal([Code.FAILED_PRECONDITION, 'NO_FACE'])
    const [violation] = refusal.preconditionFailure?.violations ?? []
    expect(violation).to.include({ type: 'NO_FACE', subject: 'encounter.samples[1]' })
    expect(violation?.description).to.match(/\.$/)
    const gone = await service.client.refusal(methods.GetSubject, { subjectId: 's-1' })
    expect(gone.errorInfo?.reason).to.equal('SUBJECT_NOT_FOUND')
  })

  it('refuses bytes that are no image, an encounter without samples, and ids with other characters', async () => {
    const garbage = await service.client.refusal(methods.CreateSubject, {
      encounter: { samples: [{ data: notAnImage() }] },
    })
    expect(garbage.code).to.equal(Code.INVALID_ARGUMENT)
    expect(garbage.errorInfo?.reason).to.be.oneOf(['PARSE_ERROR', 'FORMAT_UNSUPPORTED'])

    const empty = await service.client.refusal(methods.AddEncounter, { subjectId: 's-1', encounter: {} })
    expect(empty.badRequest?.fieldViolations[0]?.field).to.equal('encounter.samples')
    const none = await service.client.refusal(methods.AddEncounter, { subjectId: 's-1' })
    expect(none.badRequest?.fieldViolations[0]?.field).to.equal('encounter')
    const spaces = await service.client.refusal(methods.CreateSubject, { subjectId: 'Jane Doe' })
    expect(spaces.badRequest?.fieldViolations[0]?.field).to.equal('subject_id')
    expect(JSON.stringify(spaces)).to.not.contain('Jane')
  })
})
