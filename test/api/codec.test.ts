import { expect } from 'chai'
import type { GalleryPolicy } from '../../src/domain/gallery.js'
import { DomainError } from '../../src/domain/errors.js'
import {
  createSubjectFromProto,
  subjectToProto,
  updateEncounterStatusFromProto,
} from '../../src/api/codec/enrolment.js'
import { timestampFromProto } from '../../src/api/codec/fields.js'
import { galleryFromProto, galleryToProto } from '../../src/api/codec/galleries.js'
import { identifyFromProto, verifyFromProto } from '../../src/api/codec/identification.js'
import { checkItemNumber } from '../../src/api/codec/items.js'
import { timestampToProto } from '../../src/api/codec/reports.js'
import { definitions } from '../../src/api/proto.js'
import type { CreateSubjectRequest } from '../../src/generated/portcullis/v1/CreateSubjectRequest.js'
import type { Gallery } from '../../src/generated/portcullis/v1/Gallery.js'
import type { IdentifyRequest } from '../../src/generated/portcullis/v1/IdentifyRequest.js'

const { enrolment, galleries, identification } = definitions
const IMAGE = { data: Buffer.from([1, 2, 3]) }

// Goal: what crosses the wire means the same on both sides.
// Method: every message goes through real bytes, as a foreign client would send them.
describe('codec', () => {
  describe('images', () => {
    it('refuses a probe that is absent or empty, naming it', () => {
      expectInvalid('probe', () => identify({ galleryIds: ['g'] }))
      expectInvalid('probe.data', () => identify({ galleryIds: ['g'], probe: { data: Buffer.alloc(0) } }))
    })

    it('names the sample that is empty', () => {
      expectInvalid('encounter.samples[1].data', () => create({ encounter: { samples: [IMAGE, {}] } }))
    })
  })

  describe('enums', () => {
    it('refuses a number that this version does not know instead of taking a default', () => {
      expectInvalid('multi_face', () => identify({ probe: IMAGE, multiFace: 77 as never }))
      expectInvalid('policy.multi_face', () => gallery({ policy: { multiFace: 77 as never } }))
      expectInvalid('policy.probe_retention', () => gallery({ policy: { probeRetention: 77 as never } }))
      expectInvalid('status', () => updateStatus(77))
    })

    it('refuses an encounter status that was not set', () => {
      expectInvalid('status', () => updateStatus(0))
      expect(updateStatus(2).status).to.equal('inactive')
    })
  })

  describe('thresholds', () => {
    it('refuses NaN and infinities', () => {
      for (const thresholdScore of [NaN, Infinity, -Infinity])
        expectInvalid('threshold_score', () => identify({ probe: IMAGE, thresholdScore }))
    })

    it('keeps a threshold of 0 apart from none', () => {
      expect(identify({ probe: IMAGE, thresholdScore: 0 }).threshold).to.deep.equal({ kind: 'score', score: 0 })
      expect(identify({ probe: IMAGE }).threshold).to.deep.equal({ kind: 'default' })
    })
  })

  describe('timestamps', () => {
    it('reads milliseconds, rounded down, before and after 1970', () => {
      expect(timestampFromProto('t', { seconds: 1, nanos: 2_999_999 })).to.equal(1_002)
      expect(timestampFromProto('t', { seconds: -1, nanos: 500_000_000 })).to.equal(-500)
      expect(timestampFromProto('t', null)).to.equal(null)
    })

    it('writes what it reads', () => {
      for (const ms of [0, 1_002, -500, 1_700_000_000_123]) {
        const { seconds, nanos } = timestampToProto(ms)
        expect(timestampFromProto('t', { seconds: Number(seconds), nanos: nanos ?? 0 })).to.equal(ms)
      }
    })

    it('refuses times outside the years 1 to 9999 and nanos outside a second', () => {
      for (const wrong of [
        { seconds: -62_135_596_801, nanos: 0 },
        { seconds: 253_402_300_800, nanos: 0 },
        { seconds: 0, nanos: -1 },
        { seconds: 0, nanos: 1_000_000_000 },
      ])
        expectInvalid('encounter.captured_at', () => create({ encounter: { capturedAt: wrong, samples: [IMAGE] } }))
    })
  })

  describe('galleries', () => {
    it('takes the defaults of the proto for what is not said', () => {
      const defaults: GalleryPolicy = {
        minimumQuality: 20,
        multiFace: 'reject-several',
        candidateCountMax: 10,
        retentionDays: null,
        probeRetention: 'never',
      }
      expect(gallery({}).policy).to.deep.equal(defaults)
      expect(gallery({ policy: {} }).policy).to.deep.equal(defaults)
    })

    it('keeps a minimum quality of 0 apart from none', () => {
      expect(gallery({ policy: { minimumQuality: 0 } }).policy.minimumQuality).to.equal(0)
    })

    it('writes every policy as it is read', () => {
      for (const multiFace of ['reject-several', 'most-central', 'largest', 'all'] as const)
        for (const probeRetention of ['never', 'referred', 'always'] as const) {
          const policy = { minimumQuality: 7, multiFace, candidateCountMax: 3, retentionDays: 30, probeRetention }
          const times = { createdAtMs: 1, updatedAtMs: 2, subjectCount: 3, referenceCount: 4 }
          const written = galleryToProto({ id: 'g', owner: 'o', purpose: 'p', policy, ...times })
          expect(gallery(written)).to.deep.equal({ id: 'g', owner: 'o', purpose: 'p', policy })
        }
    })

    it('refuses a request without a gallery', () => {
      expectInvalid('gallery', () => galleryFromProto(null))
    })
  })

  describe('verification', () => {
    it('takes one of the two references and refuses none', () => {
      expect(verify({ referenceImage: IMAGE }).reference).to.have.property('image')
      expect(verify({ referenceSubjectId: 's' }).reference).to.deep.equal({ subjectId: 's' })
      expectInvalid('reference', () => verify({}))
      expectInvalid('reference', () => verify({ referenceSubjectId: '' }))
      expectInvalid('reference_image.data', () => verify({ referenceImage: {} }))
    })
  })

  describe('subjects', () => {
    it('writes an encounter without a capture time, and one with', () => {
      const encounter = { id: 'e', status: 'active', source: '', createdAtMs: 5, samples: [] } as const
      const details = { externalId: 'x', displayName: 'd', attributes: { a: 'b' }, galleryIds: ['g'] }
      const written = subjectToProto({
        ...details,
        id: 's',
        createdAtMs: 1_500,
        updatedAtMs: 2_000,
        encounters: [
          { ...encounter, capturedAtMs: null },
          { ...encounter, capturedAtMs: 0 },
        ],
      })
      const read = enrolment.GetSubject.responseDeserialize(enrolment.GetSubject.responseSerialize(written))
      expect(read.createdAt).to.deep.equal({ seconds: 1, nanos: 500_000_000 })
      expect(read.encounters.map(({ capturedAt }) => capturedAt)).to.deep.equal([null, { seconds: 0, nanos: 0 }])
      expect(read.attributes).to.deep.equal({ a: 'b' })
    })
  })

  describe('item numbers', () => {
    it('refuses one that JavaScript cannot hold', () => {
      expect(checkItemNumber(2 ** 53 - 1)).to.equal(9_007_199_254_740_991)
      expectInvalid('item', () => checkItemNumber(2 ** 53))
    })
  })

  describe('fingerprints', () => {
    const subject: CreateSubjectRequest = {
      requestId: 'r-1',
      subjectId: 's',
      attributes: { height: '180', '7': 'seven', eyes: 'brown' },
      encounter: { samples: [IMAGE], capturedAt: { seconds: 9, nanos: 0 } },
    }
    const fingerprint = (request: CreateSubjectRequest) => create(request).fingerprint

    it('is a sha256 and does not depend on the request id', () => {
      expect(fingerprint(subject)).to.match(/^[0-9a-f]{64}$/)
      expect(fingerprint({ ...subject, requestId: 'r-2' })).to.equal(fingerprint(subject))
    })

    it('does not depend on the order of a map', () => {
      const attributes = { eyes: 'brown', height: '180', '7': 'seven' }
      expect(fingerprint({ ...subject, attributes })).to.equal(fingerprint(subject))
    })

    it('depends on everything else', () => {
      const others: CreateSubjectRequest[] = [
        { ...subject, subjectId: 't' },
        { ...subject, displayName: 'd' },
        { ...subject, attributes: { ...subject.attributes, eyes: 'blue' } },
        { ...subject, galleryIds: ['g'] },
        { ...subject, encounter: { ...subject.encounter, samples: [{ data: Buffer.from([1, 2, 4]) }] } },
        { ...subject, encounter: { ...subject.encounter, capturedAt: { seconds: 9, nanos: 1 } } },
        { ...subject, encounter: null },
      ]
      const all = [subject, ...others].map(fingerprint)
      expect(new Set(all).size).to.equal(all.length)
    })
  })
})

function create(request: CreateSubjectRequest) {
  return createSubjectFromProto(
    enrolment.CreateSubject.requestDeserialize(enrolment.CreateSubject.requestSerialize(request)),
  )
}

function updateStatus(status: number) {
  const { requestSerialize, requestDeserialize } = enrolment.UpdateEncounterStatus
  return updateEncounterStatusFromProto(requestDeserialize(requestSerialize({ status: status as never })))
}

function identify(request: IdentifyRequest) {
  const { requestSerialize, requestDeserialize } = identification.Identify
  return identifyFromProto(requestDeserialize(requestSerialize(request)))
}

function verify(request: Parameters<typeof identification.Verify.requestSerialize>[0]) {
  const { requestSerialize, requestDeserialize } = identification.Verify
  return verifyFromProto(requestDeserialize(requestSerialize({ probe: IMAGE, ...request })))
}

function gallery(message: Gallery) {
  const { requestSerialize, requestDeserialize } = galleries.CreateGallery
  return galleryFromProto(requestDeserialize(requestSerialize({ gallery: message })).gallery)
}

function expectInvalid(field: string, decode: () => unknown): void {
  try {
    decode()
  } catch (error) {
    expect(error).to.be.instanceOf(DomainError)
    expect(error).to.include({ code: 'INVALID_ARGUMENT', field })
    return
  }
  expect.fail(`${field} was accepted`)
}
