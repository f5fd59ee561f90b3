import { expect } from 'chai'
import { DEFAULT_POLICY } from '../../src/domain/gallery.js'
import { LIMITS } from '../../src/domain/limits.js'
import { aSubject, anEncounter, context, errorOf, ONCE, ServiceBench } from '../support/service-bench.js'
import { aFace, anImageOf } from '../support/synthetic-analyser.js'

// Goal: nothing is half done, and what is acknowledged can be found. Method: real services over a real data file.
describe('EnrolmentService', () => {
  let bench: ServiceBench

  beforeEach(async () => {
    bench = await ServiceBench.open()
    await bench.addGallery('watchlist')
  })
  afterEach(() => bench.close())

  const encounterOf = (...images: readonly Uint8Array[]) => ({ ...anEncounter('e1'), images })
  const request = (requestId: string, fingerprint = 'same') => ({ requestId, fingerprint })

  describe('#createSubject()', () => {
    it('makes a subject that can be found as soon as it is answered', async () => {
      const subject = await bench.enrol('s1', 30, ['watchlist'])
      expect(subject).to.deep.include({ id: 's1', displayName: 'Name of s1', galleryIds: ['watchlist'] })
      expect(subject.encounters[0]?.samples[0]).to.deep.include({ format: 'png', algorithm: 'circle@000000000001' })
      expect(await bench.found(30, ['watchlist'])).to.deep.equal(['s1'])
    })

    it('chooses ids where none are given', async () => {
      const command = aSubject('', 30, [], { encounter: anEncounter('', 30) })
      const subject = await bench.enrolment.createSubject(command, context)
      expect(subject.id).to.match(/^[0-9a-f-]{36}$/)
      expect(subject.encounters[0]?.id).to.match(/^[0-9a-f-]{36}$/)
    })

    it('refuses what exists, and what is unknown, before any image is analysed', async () => {
      await bench.enrol('s1', 30, [])
      const before = bench.analyser.analysedCount
      expect(await errorOf(bench.enrol('s1', 30, []))).to.deep.include({ code: 'SUBJECT_EXISTS', field: 'subject_id' })
      expect(await errorOf(bench.enrol('s2', 30, ['nowhere']))).to.have.property('code', 'GALLERY_NOT_FOUND')
      expect(bench.analyser.analysedCount).to.equal(before)
    })

    it('leaves nothing behind when one sample is refused, and says which and why', async () => {
      const encounter = encounterOf(aFace(30), aFace(31, 5))
      const error = await errorOf(bench.enrol('s1', 30, ['watchlist'], { encounter }))
      expect(error).to.deep.include({ code: 'QUALITY_TOO_LOW', field: 'encounter.samples[1]' })
      expect(error).to.have.deep.property('reasons', ['The face is blurred; hold still.'])
      expect(await errorOf(bench.enrolment.getSubject('s1'))).to.have.property('code', 'SUBJECT_NOT_FOUND')
      expect((await bench.galleries.get('watchlist')).referenceCount).to.equal(0)
      expect(bench.references.size).to.equal(0)
    })

    it('refuses samples without a face, and says which bytes are no image', async () => {
      const noFace = bench.enrol('s1', 0, [], { encounter: encounterOf(anImageOf()) })
      expect(await errorOf(noFace)).to.have.property('code', 'NO_FACE')
      const noImage = bench.enrol('s1', 0, [], { encounter: encounterOf(aFace(0), new Uint8Array([1])) })
      expect(await errorOf(noImage)).to.deep.include({ code: 'PARSE_ERROR', field: 'encounter.samples[1]' })
    })

    it('takes one person for one subject, also where searches take all faces', async () => {
      await bench.addGallery('crowd', { multiFace: 'all' })
      await bench.addGallery('station', { multiFace: 'largest' })
      const encounter = encounterOf(anImageOf({ angleDeg: 10, sidePx: 50 }, { angleDeg: 70, sidePx: 90 }))
      const several = bench.enrol('s1', 0, ['crowd'], { encounter })
      expect(await errorOf(several)).to.have.property('code', 'MULTIPLE_FACES')
      await bench.enrol('s1', 0, ['station'], { encounter })
      expect((await bench.identify(70, ['station'])).candidates[0]?.score).to.be.closeTo(1, 1e-6)
    })

    it("takes the strictest of its galleries' policies", async () => {
      await bench.addGallery('strict', { minimumQuality: 60 })
      const encounter = encounterOf(aFace(0, 50))
      const refused = bench.enrol('s1', 0, ['watchlist', 'strict'], { encounter })
      expect(await errorOf(refused)).to.have.property('code', 'QUALITY_TOO_LOW')
      expect((await bench.enrol('s1', 0, ['watchlist'], { encounter })).encounters).to.have.length(1)
    })

    it('names the field that is wrong', async () => {
      const many = Array.from({ length: LIMITS.samplesPerEncounterMax + 1 }, () => aFace(0))
      const huge = new Uint8Array(LIMITS.imageBytesMax + 1)
      const wrong = [
        [{ subjectId: 'not an id' }, 'subject_id'],
        [{ galleryIds: ['not an id'] }, 'gallery_ids'],
        [{ encounter: encounterOf() }, 'encounter.samples'],
        [{ encounter: encounterOf(...many) }, 'encounter.samples'],
        [{ encounter: encounterOf(huge) }, 'encounter.samples[0]'],
        [{ encounter: { ...anEncounter('e', 1), source: 'line\nbreak' } }, 'encounter.source'],
        [{ details: { externalId: '', displayName: 'x'.repeat(513), attributes: {} } }, 'display_name'],
      ] as const
      for (const [part, field] of wrong)
        expect(await errorOf(bench.enrol('s1', 0, [], part))).to.have.property('field', field)
    })

    it('stops before anything is stored when nobody waits any more', async () => {
      const gone = { ...context, signal: AbortSignal.abort() }
      const cancelled = bench.enrolment.createSubject(aSubject('s1', 0, []), gone)
      expect(await errorOf(cancelled)).to.have.property('code', 'CANCELLED')
      const late = bench.enrolment.createSubject(aSubject('s1', 0, []), { ...context, deadlineAtMs: 1 })
      expect(await errorOf(late)).to.have.property('code', 'DEADLINE_EXCEEDED')
      expect(await errorOf(bench.enrolment.getSubject('s1'))).to.have.property('code', 'SUBJECT_NOT_FOUND')
    })
  })

  describe('request ids', () => {
    it('give the same answer for the same content, without doing the work again', async () => {
      const first = await bench.enrol('', 30, ['watchlist'], request('r1'))
      const analysedCount = bench.analyser.analysedCount
      expect(await bench.enrol('', 30, ['watchlist'], request('r1'))).to.deep.equal(first)
      expect(bench.analyser.analysedCount).to.equal(analysedCount)
      expect(bench.references.size).to.equal(1)
    })

    it('give it to two calls at the same time, and after a restart', async () => {
      const command = { ...request('r1'), encounter: anEncounter('', 30) }
      const [first, second] = await Promise.all([bench.enrol('', 30, [], command), bench.enrol('', 30, [], command)])
      expect(second).to.deep.equal(first)
      bench = await bench.restarted()
      expect(await bench.enrol('', 30, [], command)).to.deep.equal(first)
      expect(bench.references.size).to.equal(1)
    })

    it('are refused with other content', async () => {
      await bench.enrol('s1', 30, [], request('r1'))
      const reused = bench.enrol('s2', 30, [], request('r1', 'other'))
      expect(await errorOf(reused)).to.have.property('code', 'REQUEST_ID_REUSED')
    })

    it('are free again after a refusal', async () => {
      const refused = bench.enrol('s1', 30, [], { ...request('r1'), encounter: encounterOf(aFace(0, 5)) })
      expect(await errorOf(refused)).to.have.property('code', 'QUALITY_TOO_LOW')
      expect((await bench.enrol('s1', 30, [], request('r1', 'better'))).id).to.equal('s1')
    })
  })

  describe('changes', () => {
    it('a further encounter is searched too', async () => {
      await bench.enrol('s1', 0, ['watchlist'])
      const command = { ...ONCE, subjectId: 's1', encounter: anEncounter('e2', 90) }
      const subject = await bench.enrolment.addEncounter(command, context)
      expect(subject.encounters.map(({ id }) => id)).to.deep.equal(['s1-e', 'e2'])
      const { candidates } = await bench.identify(90, ['watchlist'])
      expect(candidates[0]).to.deep.include({ subjectId: 's1', bestEncounterId: 'e2' })
    })

    it('a further encounter of nobody is not analysed', async () => {
      const command = { ...ONCE, subjectId: 'nobody', encounter: anEncounter('e2', 90) }
      expect(await errorOf(bench.enrolment.addEncounter(command, context))).to.have.property(
        'code',
        'SUBJECT_NOT_FOUND',
      )
      expect(bench.analyser.analysedCount).to.equal(0)
    })

    it('an inactive encounter is not searched until it is active again', async () => {
      await bench.enrol('s1', 30, ['watchlist'])
      const command = { ...ONCE, subjectId: 's1', encounterId: 's1-e' }
      await bench.enrolment.updateEncounterStatus({ ...command, status: 'inactive' }, context)
      expect(await bench.found(30, ['watchlist'])).to.deep.equal([])
      await bench.enrolment.updateEncounterStatus({ ...command, status: 'active' }, context)
      expect(await bench.found(30, ['watchlist'])).to.deep.equal(['s1'])
    })

    it('other galleries are in force at once', async () => {
      await bench.addGallery('partners')
      await bench.enrol('s1', 30, ['watchlist'])
      await bench.enrolment.setGalleries({ ...ONCE, subjectId: 's1', galleryIds: ['partners'] }, context)
      expect(await bench.found(30, ['watchlist'])).to.deep.equal([])
      expect(await bench.found(30, ['partners'])).to.deep.equal(['s1'])
    })

    it('two merged subjects are found as one', async () => {
      await bench.addGallery('partners')
      await bench.enrol('s1', 0, ['watchlist'])
      await bench.enrol('s2', 90, ['partners'])
      const command = { ...ONCE, intoSubjectId: 's1', fromSubjectId: 's2' }
      await bench.enrolment.mergeSubjects(command, context)
      for (const galleryId of ['watchlist', 'partners'])
        expect(await bench.found(90, [galleryId])).to.deep.equal(['s1'])
      const { candidates } = await bench.identify(90, ['partners', 'watchlist'])
      expect(candidates[0]?.galleryIds).to.deep.equal(['partners', 'watchlist'])
      expect(candidates[0]?.bestEncounterId).to.equal('s2-e')
    })

    it('a subject cannot be merged with itself', async () => {
      await bench.enrol('s1', 0, [])
      const command = { ...ONCE, intoSubjectId: 's1', fromSubjectId: 's1' }
      expect(await errorOf(bench.enrolment.mergeSubjects(command, context))).to.have.property(
        'code',
        'INVALID_ARGUMENT',
      )
    })

    it('a deleted subject is found by no search from then on', async () => {
      await bench.enrol('s1', 30, ['watchlist'])
      await bench.enrolment.deleteSubject({ ...ONCE, subjectId: 's1' }, context)
      expect(await bench.found(30, ['watchlist'])).to.deep.equal([])
      const again = bench.enrolment.deleteSubject({ ...ONCE, subjectId: 's1' }, context)
      expect(await errorOf(again)).to.have.property('code', 'SUBJECT_NOT_FOUND')
    })

    it('all of them are there after a restart', async () => {
      for (const [i, id] of ['s1', 's2', 's3', 's4'].entries()) await bench.enrol(id, i * 20, ['watchlist'])
      await bench.enrolment.deleteSubject({ ...ONCE, subjectId: 's1' }, context)
      await bench.enrolment.mergeSubjects({ ...ONCE, intoSubjectId: 's2', fromSubjectId: 's4' }, context)
      const before = (await bench.identify(50, ['watchlist'])).candidates
      bench = await bench.restarted()
      expect((await bench.identify(50, ['watchlist'])).candidates).to.deep.equal(before)
      expect(before.map(({ subjectId, bestEncounterId }) => [subjectId, bestEncounterId])).to.deep.equal([
        ['s3', 's3-e'], // at 40°
        ['s2', 's4-e'], // at 60°; a tie but for rounding
      ])
    })
  })

  describe('#listSubjects()', () => {
    it('gives pages in the order of enrolment; 0 is the default size and too many is the maximum', async () => {
      for (const id of ['s3', 's1', 's2']) await bench.enrol(id, 1, ['watchlist'])
      const ids = async (pageSize: number) =>
        (await bench.enrolment.listSubjects('watchlist', { pageSize, pageToken: '' })).items.map(({ id }) => id)
      expect(await ids(2)).to.deep.equal(['s3', 's1'])
      expect(await ids(0)).to.deep.equal(['s3', 's1', 's2'])
      expect(await ids(1_000_000)).to.deep.equal(['s3', 's1', 's2'])
      expect(await errorOf(ids(-1))).to.deep.include({ code: 'INVALID_ARGUMENT', field: 'page_size' })
    })
  })

  it('says in no error which person it is about', async () => {
    await bench.enrol('Osman-1970', 0, [])
    const errors = [
      await errorOf(bench.enrol('Osman-1970', 0, [])),
      await errorOf(bench.enrolment.getSubject('Osman-1971')),
      await errorOf(bench.enrol('Osman 1970', 0, [])),
      await errorOf(bench.enrol('s2', 0, ['Osman-list'])),
    ]
    for (const error of errors) expect((error as Error).message).not.to.include('Osman')
  })

  it('is ruled by the default policy where a subject is in no gallery', async () => {
    const encounter = encounterOf(aFace(0, DEFAULT_POLICY.minimumQuality - 1))
    expect(await errorOf(bench.enrol('s1', 0, [], { encounter }))).to.have.property('code', 'QUALITY_TOO_LOW')
  })
})
