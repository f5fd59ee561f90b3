import { status as Code } from '@grpc/grpc-js'
import { expect } from 'chai'
import { definitions } from '../../src/api/proto.js'
import { aFace } from './support/faces.js'
import { createGallery, startService, type RunningService } from './support/running-service.js'

const { CreateGallery, GetGallery, ListGalleries, UpdateGallery, DeleteGallery } = definitions.galleries
const { CreateSubject } = definitions.enrolment

// Goal: every rpc of GalleryService does over the wire what its proto says. Method: the whole service and a client.
describe('GalleryService over gRPC', () => {
  let service: RunningService
  beforeEach(async () => {
    service = await startService()
  })
  afterEach(() => service.stop())

  const gallery = { galleryId: 'un-1267', owner: 'UN Security Council', purpose: 'Resolution 1267' }

  it('creates a gallery with the default policy and gives it again', async () => {
    const created = await service.client.call(CreateGallery, { gallery })
    expect(created).to.deep.include({ ...gallery, subjectCount: 0, referenceCount: 0 })
    expect(created.policy).to.deep.equal({
      minimumQuality: 20,
      _minimumQuality: 'minimumQuality',
      multiFace: 'MULTI_FACE_REJECT_SEVERAL',
      candidateCountMax: 10,
      retentionDays: 0,
      probeRetention: 'PROBE_RETENTION_NEVER',
    })
    expect(Math.abs(created.createdAt?.seconds ?? 0) - Date.now() / 1000).to.be.within(-5, 1)
    expect(await service.client.call(GetGallery, { galleryId: 'un-1267' })).to.deep.equal(created)
  })

  it('counts who is in it, also in the answer to an update', async () => {
    await service.client.call(CreateGallery, { gallery })
    const encounter = { samples: [{ data: aFace(0) }, { data: aFace(1) }] }
    await service.client.call(CreateSubject, { galleryIds: ['un-1267'], encounter })
    const policy = { minimumQuality: 0, retentionDays: 30 }
    const updated = await service.client.call(UpdateGallery, { gallery: { ...gallery, owner: 'Interpol', policy } })
    expect(updated).to.include({ owner: 'Interpol', subjectCount: 1, referenceCount: 2 })
    expect(updated.policy).to.include({ minimumQuality: 0, retentionDays: 30, candidateCountMax: 10 })
    expect(await service.client.call(GetGallery, { galleryId: 'un-1267' })).to.deep.equal(updated)
  })

  it('lists in alphabetical order, page by page', async () => {
    for (const id of ['c', 'a', 'b']) await createGallery(service.client, id)
    const first = await service.client.call(ListGalleries, { pageSize: 2 })
    expect(first.galleries.map(({ galleryId }) => galleryId)).to.deep.equal(['a', 'b'])
    const second = await service.client.call(ListGalleries, { pageSize: 2, pageToken: first.nextPageToken })
    expect(second.galleries.map(({ galleryId }) => galleryId)).to.deep.equal(['c'])
    expect(second.nextPageToken).to.equal('')
  })

  it('deletes an empty gallery, and one with subjects only when told to', async () => {
    await service.client.call(CreateGallery, { gallery })
    await service.client.call(CreateSubject, { galleryIds: ['un-1267'] })
    const refusal = await service.client.refusal(DeleteGallery, { galleryId: 'un-1267' })
    expect(refusal).to.deep.include({ code: Code.FAILED_PRECONDITION })
    expect(refusal.errorInfo?.reason).to.equal('GALLERY_NOT_EMPTY')

    await service.client.call(DeleteGallery, { galleryId: 'un-1267', removeMemberships: true })
    const gone = await service.client.refusal(GetGallery, { galleryId: 'un-1267' })
    expect([gone.code, gone.errorInfo?.reason]).to.deep.equal([Code.NOT_FOUND, 'GALLERY_NOT_FOUND'])
  })

  it('refuses a taken id, a missing owner, and a policy out of range, naming the field', async () => {
    await service.client.call(CreateGallery, { gallery })
    const taken = await service.client.refusal(CreateGallery, { gallery })
    expect([taken.code, taken.errorInfo?.reason]).to.deep.equal([Code.ALREADY_EXISTS, 'GALLERY_EXISTS'])

    const nobody = await service.client.refusal(CreateGallery, { gallery: { ...gallery, galleryId: 'x', owner: ' ' } })
    expect(nobody.badRequest?.fieldViolations[0]?.field).to.equal('owner')

    const policy = { minimumQuality: 101 }
    const tooStrict = await service.client.refusal(UpdateGallery, { gallery: { ...gallery, policy } })
    expect(tooStrict.code).to.equal(Code.INVALID_ARGUMENT)
    expect(tooStrict.badRequest?.fieldViolations[0]?.field).to.equal('policy.minimum_quality')

    const nothing = await service.client.refusal(CreateGallery, {})
    expect(nothing.badRequest?.fieldViolations[0]?.field).to.equal('gallery')
  })

  it('gives the first answer again to a repeated request, and refuses the id for other content', async () => {
    const request = { requestId: 'r-1', gallery }
    const first = await service.client.call(CreateGallery, request)
    expect(await service.client.call(CreateGallery, request)).to.deep.equal(first)

    const other = { requestId: 'r-1', gallery: { ...gallery, owner: 'Interpol' } }
    const refusal = await service.client.refusal(CreateGallery, other)
    expect([refusal.code, refusal.errorInfo?.reason]).to.deep.equal([Code.INVALID_ARGUMENT, 'REQUEST_ID_REUSED'])
  })

  it('refuses a page token that it did not make', async () => {
    const refusal = await service.client.refusal(ListGalleries, { pageToken: '*' })
    expect(refusal.badRequest?.fieldViolations[0]?.field).to.equal('page_token')
  })
})
