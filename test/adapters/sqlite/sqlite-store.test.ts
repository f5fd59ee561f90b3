import { expect } from 'chai'
import { LIMITS } from '../../../src/domain/limits.js'
import { errorOf } from '../../support/service-bench.js'
import { StoreBench } from '../../support/store-bench.js'
import { aGallery, anEncounterAt, aNewSubject, aSample, CIRCLE, freely } from '../../support/stored-things.js'
import { featuresAt } from '../../support/synthetic-analyser.js'

const OTHER_SPACE = 'square@000000000002'

// Goal: the store keeps what it acknowledged, and tells the index everything it must know. Method: a real data file.
describe('SqliteStore', () => {
  let bench: StoreBench
  beforeEach(async () => (bench = await StoreBench.open()))
  afterEach(() => bench.close())

  describe('subjects', () => {
    it('gives back after a restart what was stored', async () => {
      const { value } = await bench.enrol('s1', 30, ['b', 'a'])
      await bench.restart()
      const subject = await bench.store.getSubject('s1')
      expect(subject).to.deep.equal(value)
      expect(subject.galleryIds).to.deep.equal(['a', 'b'])
      expect(subject.attributes).to.deep.equal({ list: 'test' })
      expect(subject.encounters[0]).to.deep.include({ id: 's1-e', source: 'passport 2019', capturedAtMs: 5 })
      const { bytes: _, template: __, ...summary } = aSample(30)
      expect(subject.encounters[0]?.samples).to.deep.equal([summary])
    })

    it('gives back features bit by bit', async () => {
      await bench.enrol('s1', 31, ['a'])
      expect((await bench.store.referencesOf('s1', CIRCLE))[0]?.features).to.deep.equal(featuresAt(31))
    })

    it('tells the index what a new subject brings', async () => {
      const { change } = await bench.enrol('s1', 30, ['b', 'a'])
      const [added] = change.added
      expect(added).to.deep.include({ subjectId: 's1', encounterId: 's1-e', algorithm: CIRCLE })
      expect(added?.features).to.deep.equal(featuresAt(30))
      expect(change.memberships).to.deep.equal([{ subjectId: 's1', galleryIds: ['a', 'b'] }])
    })

    it('refuses ids that exist and galleries that do not, and stores nothing then', async () => {
      await bench.enrol('s1', 30, ['a'])
      expect(await errorOf(bench.enrol('s1', 40, ['a']))).to.have.property('code', 'SUBJECT_EXISTS')
      expect(await errorOf(bench.enrol('s2', 40, ['a', 'nowhere']))).to.have.property('code', 'GALLERY_NOT_FOUND')
      const again = bench.store.createSubject(aNewSubject('s3', ['a']), anEncounterAt('s1-e', 50), 0, freely())
      expect(await errorOf(again)).to.have.property('code', 'ENCOUNTER_EXISTS')
      expect(await bench.counts('a')).to.deep.equal([1, 1])
      expect((await bench.store.listSubjects('', { pageSize: 9, pageToken: '' })).items).to.have.length(1)
    })

    it('says what is not found', async () => {
      expect(await errorOf(bench.store.getSubject('nobody'))).to.have.property('code', 'SUBJECT_NOT_FOUND')
      expect(await errorOf(bench.store.deleteSubject('nobody', freely()))).to.have.property('code', 'SUBJECT_NOT_FOUND')
      expect(await errorOf(bench.store.addEncounter('nobody', anEncounterAt('e', 1), 0, freely()))).to.have.property(
        'code',
        'SUBJECT_NOT_FOUND',
      )
    })

    it('bounds the encounters of one subject', async () => {
      await bench.enrol('s1', 0, [])
      for (let i = 1; i < LIMITS.encountersPerSubjectMax; i++)
        await bench.store.addEncounter('s1', { ...anEncounterAt(`e${i}`, i), samples: [] }, 0, freely())
      const more = bench.store.addEncounter('s1', anEncounterAt('one-more', 1), 0, freely())
      expect(await errorOf(more)).to.have.property('code', 'LIMIT_EXCEEDED')
    }).timeout(20_000)

    it('describes several at once and leaves out the missing', async () => {
      await bench.enrol('s1', 30, [])
      const details = await bench.store.describeSubjects(['s1', 'nobody'])
      expect([...details.keys()]).to.deep.equal(['s1'])
      expect(details.get('s1')?.displayName).to.equal('Name of s1')
    })
  })

  describe('encounters', () => {
    it('takes the references of an inactive one from the index, and gives them back with their ids', async () => {
      const { change: first } = await bench.enrol('s1', 30, ['a'])
      const ids = first.added.map(({ referenceId }) => referenceId)
      const { change: off, value } = await bench.store.setEncounterStatus('s1', 's1-e', 'inactive', 0, freely())
      expect(off.removedReferenceIds).to.deep.equal(ids)
      expect(off.added).to.deep.equal([])
      expect(value.encounters[0]?.status).to.equal('inactive')
      expect(await bench.counts('a')).to.deep.equal([1, 0])
      expect(await bench.store.referencesOf('s1', CIRCLE)).to.deep.equal([])

      const { change: on } = await bench.store.setEncounterStatus('s1', 's1-e', 'active', 0, freely())
      expect(on.added).to.deep.equal(first.added)
      expect(on.removedReferenceIds).to.deep.equal([])
      expect(await bench.counts('a')).to.deep.equal([1, 1])
    })

    it('changes nothing where the status is the same already', async () => {
      await bench.enrol('s1', 30, ['a'])
      const { change } = await bench.store.setEncounterStatus('s1', 's1-e', 'active', 0, freely())
      expect(change).to.deep.equal({ added: [], addedFingers: [], removedReferenceIds: [], memberships: [] })
    })

    it("does not find another subject's encounter", async () => {
      await bench.enrol('s1', 30, [])
      await bench.enrol('s2', 40, [])
      const wrong = bench.store.setEncounterStatus('s1', 's2-e', 'inactive', 0, freely())
      expect(await errorOf(wrong)).to.have.property('code', 'ENCOUNTER_NOT_FOUND')
    })
  })

  describe('merging', () => {
    it('moves encounters and galleries, and says that known references changed their subject', async () => {
      const { change: into } = await bench.enrol('s1', 30, ['a', 'b'])
      const { change: from } = await bench.enrol('s2', 40, ['b', 'c'])
      const { value, change } = await bench.store.mergeSubjects('s1', 's2', 99, freely())
      expect(value).to.deep.include({ id: 's1', displayName: 'Name of s1', galleryIds: ['a', 'b', 'c'] })
      expect(value.encounters.map(({ id }) => id)).to.deep.equal(['s1-e', 's2-e'])
      expect(change.added).to.deep.equal(from.added.map((reference) => ({ ...reference, subjectId: 's1' })))
      expect(change.removedReferenceIds).to.deep.equal([])
      expect(change.memberships).to.deep.equal([
        { subjectId: 's1', galleryIds: ['a', 'b', 'c'] },
        { subjectId: 's2', galleryIds: [] },
      ])
      expect(into.added).to.have.length(1)
      expect(await errorOf(bench.store.getSubject('s2'))).to.have.property('code', 'SUBJECT_NOT_FOUND')
      expect(await Promise.all(['a', 'b', 'c'].map((id) => bench.counts(id)))).to.deep.equal([
        [1, 2],
        [1, 2],
        [1, 2],
      ])
    })

    it('refuses a subject with itself', async () => {
      await bench.enrol('s1', 30, [])
      expect(await errorOf(bench.store.mergeSubjects('s1', 's1', 0, freely()))).to.have.property(
        'code',
        'INVALID_ARGUMENT',
      )
    })
  })

  describe('galleries', () => {
    it('keeps the time of creation through an update', async () => {
      const changed = { ...aGallery('a', { retentionDays: 30 }), owner: 'Customs', createdAtMs: 77, updatedAtMs: 77 }
      await bench.store.updateGallery(changed, freely())
      expect(await bench.store.getGallery('a')).to.deep.include({ owner: 'Customs', createdAtMs: 0, updatedAtMs: 77 })
      expect((await bench.store.getGallery('a')).policy.retentionDays).to.equal(30)
    })

    it('are deleted with members only where that is said', async () => {
      await bench.enrol('s1', 30, ['a', 'b'])
      expect(await errorOf(bench.store.deleteGallery('a', false, freely()))).to.have.property(
        'code',
        'GALLERY_NOT_EMPTY',
      )
      const { change } = await bench.store.deleteGallery('a', true, freely())
      expect(change.memberships).to.deep.equal([{ subjectId: 's1', galleryIds: ['b'] }])
      expect(await errorOf(bench.store.getGallery('a'))).to.have.property('code', 'GALLERY_NOT_FOUND')
      expect((await bench.store.getSubject('s1')).galleryIds).to.deep.equal(['b'])
      expect(await bench.counts('b')).to.deep.equal([1, 1])
    })

    it('count their references by space', async () => {
      await bench.enrol('s1', 30, ['a', 'b'])
      await bench.store.addEncounter('s1', anEncounterAt('old', 10, { algorithm: OTHER_SPACE }), 0, freely())
      await bench.store.setGalleries('s1', ['a', 'c'], 0, freely())
      const found = await bench.store.countReferences(['a', 'b', 'c'])
      expect(found).to.have.deep.members([
        { galleryId: 'a', algorithm: CIRCLE, count: 1 },
        { galleryId: 'a', algorithm: OTHER_SPACE, count: 1 },
        { galleryId: 'c', algorithm: CIRCLE, count: 1 },
        { galleryId: 'c', algorithm: OTHER_SPACE, count: 1 },
      ])
      expect(await bench.counts('b')).to.deep.equal([0, 0])
    })
  })

  describe('pages', () => {
    it('cover everything once, in order, with the last one marked', async () => {
      for (let i = 0; i < 7; i++) await bench.enrol(`s${9 - i}`, i, i % 2 === 0 ? ['a'] : ['b'])
      expect(await allPages((page) => bench.store.listSubjects('', page), 3)).to.deep.equal([
        ['s9', 's8', 's7'],
        ['s6', 's5', 's4'],
        ['s3'],
      ])
      expect(await allPages((page) => bench.store.listSubjects('a', page), 2)).to.deep.equal([
        ['s9', 's7'],
        ['s5', 's3'],
      ])
      expect(await allPages((page) => bench.store.listGalleries(page), 2)).to.deep.equal([['a', 'b'], ['c']])
    })

    it('refuse a token that is none of theirs', async () => {
      for (const pageToken of ['rubbish', '!', Buffer.from('galleries:a').toString('base64url')])
        expect(await errorOf(bench.store.listSubjects('', { pageSize: 2, pageToken }))).to.deep.include({
          code: 'INVALID_ARGUMENT',
          field: 'page_token',
        })
    })
  })

  describe('streams', () => {
    it('give all references in bounded chunks, ascending, while others write', async () => {
      for (let i = 0; i < 1_200; i++) await bench.enrol(`s${i}`, i, ['a'])
      const ids: number[] = []
      const sizes: number[] = []
      for await (const chunk of bench.store.references(CIRCLE)) {
        if (sizes.length === 0) await bench.enrol('meanwhile', 1, ['a'])
        sizes.push(chunk.length)
        ids.push(...chunk.map(({ referenceId }) => referenceId))
      }
      expect(sizes).to.deep.equal([1_000, 201])
      expect(ids).to.deep.equal(ids.toSorted((a, b) => a - b))

      const subjects: string[] = []
      for await (const chunk of bench.store.memberships()) subjects.push(...chunk.map(({ subjectId }) => subjectId))
      expect(new Set(subjects).size).to.equal(1_201)
    }).timeout(30_000)
  })
})

async function allPages(
  list: (page: {
    pageSize: number
    pageToken: string
  }) => Promise<{ items: readonly { id: string }[]; nextPageToken: string }>,
  pageSize: number,
): Promise<readonly (readonly string[])[]> {
  const pages: string[][] = []
  let pageToken = ''
  do {
    const page = await list({ pageSize, pageToken })
    pages.push(page.items.map(({ id }) => id))
    pageToken = page.nextPageToken
  } while (pageToken !== '')
  return pages
}
