import Database from 'better-sqlite3'
import { join } from 'node:path'
import { expect } from 'chai'
import { anEncounter, aSearch, context, errorOf, ONCE, ServiceBench } from '../support/service-bench.js'
import { aFace, anImageOf, SyntheticAnalyser } from '../support/synthetic-analyser.js'

// Goal: the rules of 1:N and 1:1. Method: the real index over templates at known angles,
// so that every comparison score is a cosine that the reader can check by hand.
describe('IdentificationService', () => {
  let bench: ServiceBench

  beforeEach(async () => {
    bench = await ServiceBench.open()
    await bench.addGallery('watchlist')
    await bench.addGallery('partners')
  })
  afterEach(() => bench.close())

  describe('#identify()', () => {
    it('refers subjects at or above the threshold, most similar first', async () => {
      await bench.enrol('s80', 80, ['watchlist'])
      await bench.enrol('s10', 10, ['watchlist'])
      await bench.enrol('s40', 40, ['watchlist'])
      const { candidates, outcome } = await bench.identify(0, ['watchlist']) // threshold .5, which is cos 60°
      expect(outcome).to.equal('refer-for-review')
      expect(candidates.map(({ subjectId, rank }) => [subjectId, rank])).to.deep.equal([
        ['s10', 1],
        ['s40', 2],
      ])
      expect(candidates[0]?.score).to.be.closeTo(0.9848, 1e-4) // cos 10°
      expect(candidates[0]).to.deep.include({ externalId: 'QDi.s10', displayName: 'Name of s10', faceIndex: 0 })
      expect(candidates[0]).to.deep.include({ bestEncounterId: 's10-e', galleryIds: ['watchlist'] })
    })

    it('says that nobody is similar enough', async () => {
      await bench.enrol('s90', 90, ['watchlist'])
      const result = await bench.identify(0, ['watchlist'])
      expect(result).to.deep.include({ outcome: 'no-candidate', candidates: [], reasons: [] })
      // The scan covered the reference, and its bound ruled it out: no exact comparison was needed.
      expect(result.evidence).to.deep.include({ referencesCoveredCount: 1, comparedCount: 0 })
    })

    it('says that an unusable probe searched nobody', async () => {
      await bench.enrol('s1', 0, ['watchlist'])
      const result = await bench.identify(0, ['watchlist'], { image: aFace(0, 5) })
      expect(result).to.deep.include({ outcome: 'inconclusive', candidates: [] })
      expect(result.reasons).to.deep.equal(['The face is blurred; hold still.'])
      expect(result.evidence).to.deep.include({ referencesCoveredCount: 0, comparedCount: 0 })
      expect(result.timingsMs).not.to.have.property('search')
      expect((await bench.identify(0, ['watchlist'], { image: anImageOf() })).outcome).to.equal('inconclusive')
    })

    it('keeps the order of enrolment where scores are equal', async () => {
      for (const id of ['third', 'first', 'second']) await bench.enrol(id, 20, ['watchlist'])
      expect(await bench.found(0, ['watchlist'])).to.deep.equal(['third', 'first', 'second'])
    })

    it('names each subject once, with its best encounter', async () => {
      await bench.enrol('s1', 50, ['watchlist'])
      const encounter = anEncounter('e2', 40, 5, 30)
      await bench.enrolment.addEncounter({ ...ONCE, subjectId: 's1', encounter }, context)
      const { candidates, evidence } = await bench.identify(0, ['watchlist'])
      expect(candidates).to.have.length(1)
      expect(candidates[0]).to.deep.include({ bestEncounterId: 'e2' })
      expect(candidates[0]?.score).to.be.closeTo(0.9962, 1e-4) // cos 5°
      expect(evidence.referencesCoveredCount).to.equal(4)
    })

    it('finds enough subjects where one of them holds all the best references', async () => {
      await bench.enrol('many', 0, ['watchlist'], { encounter: anEncounter('e1', ...Array<number>(16).fill(1)) })
      await bench.enrol('few', 30, ['watchlist'])
      const { candidates } = await bench.identify(0, ['watchlist'], { candidateCountMax: 2 })
      expect(candidates.map(({ subjectId }) => subjectId)).to.deep.equal(['many', 'few'])
    })

    it('searches the named galleries only', async () => {
      await bench.enrol('in-a', 1, ['watchlist'])
      await bench.enrol('in-b', 2, ['partners'])
      await bench.enrol('in-both', 3, ['partners', 'watchlist'])
      await bench.enrol('in-none', 0, [])
      expect(await bench.found(0, ['watchlist'])).to.deep.equal(['in-a', 'in-both'])
      expect(await bench.found(0, ['partners'])).to.deep.equal(['in-b', 'in-both'])
      const { candidates, evidence } = await bench.identify(0, ['watchlist', 'partners', 'watchlist'])
      expect(candidates.map(({ galleryIds }) => galleryIds)).to.deep.equal([
        ['watchlist'],
        ['partners'],
        ['partners', 'watchlist'],
      ])
      expect(evidence.referencesCoveredCount).to.equal(3) // the one in both counts once
      expect(evidence.galleries).to.deep.equal([
        { galleryId: 'partners', referenceCount: 2 },
        { galleryId: 'watchlist', referenceCount: 2 },
      ])
    })

    it('insists on galleries, and on ones that exist, before anything is analysed', async () => {
      expect(await errorOf(bench.identify(0, []))).to.deep.include({ code: 'INVALID_ARGUMENT', field: 'gallery_ids' })
      expect(await errorOf(bench.identify(0, ['nowhere']))).to.have.property('code', 'GALLERY_NOT_FOUND')
      const tooMany = Array.from({ length: 65 }, (_, i) => `g${i}`)
      expect(await errorOf(bench.identify(0, tooMany))).to.have.property('code', 'INVALID_ARGUMENT')
      expect(bench.analyser.analysedCount).to.equal(0)
    })

    it('names the threshold, its source and the error rate that it buys', async () => {
      await bench.enrol('s1', 45, ['watchlist'])
      const standard = await bench.identify(0, ['watchlist'])
      expect(standard.threshold).to.deep.include({ score: 0.5, source: 'manifest', fmr: 1e-3 })
      const own = await bench.identify(0, ['watchlist'], { threshold: { kind: 'score', score: 0.71 } }) // cos 45° is .7071
      expect(own.threshold).to.deep.equal({
        scale: 'cosine',
        score: 0.71,
        source: 'request',
        fmr: null,
        measuredOn: '',
        fpir: null,
      })
      expect([standard.outcome, own.outcome]).to.deep.equal(['refer-for-review', 'no-candidate'])
      for (const score of [1.01, -1.01, NaN])
        expect(
          await errorOf(bench.identify(0, ['watchlist'], { threshold: { kind: 'score', score } })),
        ).to.have.property('field', 'threshold_score')
    })

    it("keeps to the galleries' longest list, and to the caller's if that is shorter", async () => {
      await bench.addGallery('short', { candidateCountMax: 2 })
      for (let i = 0; i < 4; i++) await bench.enrol(`s${i}`, i, ['watchlist', 'short'])
      const count = async (galleryIds: readonly string[], candidateCountMax: number) =>
        (await bench.identify(0, galleryIds, { candidateCountMax })).candidates.length
      expect(await count(['watchlist'], 0)).to.equal(4)
      expect(await count(['watchlist'], 3)).to.equal(3)
      expect(await count(['watchlist', 'short'], 3)).to.equal(2)
    })

    it('searches every face where that is allowed, and the caller may be stricter but not laxer', async () => {
      await bench.addGallery('crowd', { multiFace: 'all' })
      await bench.enrol('s0', 0, ['crowd', 'watchlist'])
      await bench.enrol('s90', 90, ['crowd'])
      const image = anImageOf({ angleDeg: 85 }, { angleDeg: 180 }, { angleDeg: 1 })
      const { candidates, faces } = await bench.identify(0, ['crowd'], { image })
      expect(faces).to.have.length(3)
      expect(candidates.map(({ subjectId, faceIndex, rank }) => [subjectId, faceIndex, rank])).to.deep.equal([
        ['s0', 2, 1], // cos 1°
        ['s90', 0, 2], // cos 5°
      ])
      const stricter = await bench.identify(0, ['crowd'], { image, multiFace: 'reject-several' })
      expect(stricter.outcome).to.equal('inconclusive')
      const laxer = await bench.identify(0, ['watchlist'], { image, multiFace: 'all' })
      expect(laxer.outcome).to.equal('inconclusive')
    })

    it('tells which references another space keeps from being searched', async () => {
      await bench.enrol('old', 0, ['watchlist'])
      bench = await bench.restarted(new SyntheticAnalyser('circle@000000000002'))
      await bench.enrol('new', 10, ['watchlist'])
      const { candidates, evidence } = await bench.identify(0, ['watchlist'])
      expect(candidates.map(({ subjectId }) => subjectId)).to.deep.equal(['new'])
      expect(evidence).to.deep.include({ algorithm: 'circle@000000000002', modelIds: ['compass@000000000001'] })
      expect(evidence).to.deep.include({ referencesCoveredCount: 1, referencesNotSearchedCount: 1, indexAgeMs: 0 })
    })

    it('gives each search a number of its own', async () => {
      const [a, b] = [await bench.identify(0, ['watchlist']), await bench.identify(0, ['watchlist'])]
      expect(a.searchId).not.to.equal(b.searchId)
    })

    it('stops when nobody waits any more', async () => {
      const gone = { ...context, signal: AbortSignal.abort() }
      const search = bench.identification.identify(aSearch(0, ['watchlist']), gone)
      expect(await errorOf(search)).to.have.property('code', 'CANCELLED')
    })

    it('answers rightly while others enrol and delete', async () => {
      await bench.enrol('always', 0, ['watchlist'])
      const changes = Array.from({ length: 40 }, async (_, i) => {
        await bench.enrol(`s${i}`, 10 + i, ['watchlist'])
        await bench.enrolment.deleteSubject({ ...ONCE, subjectId: `s${i}` }, context)
      })
      const searches = Array.from({ length: 40 }, () => bench.found(0, ['watchlist']))
      for (const found of await Promise.all(searches)) expect(found[0]).to.equal('always')
      await Promise.all(changes)
      expect(await bench.found(0, ['watchlist'])).to.deep.equal(['always'])
      expect(bench.references.size).to.equal(1)
    })
  })

  describe('keeping probes', () => {
    function keptCount(): number {
      const db = new Database(join(bench.folder, 'portcullis.db'), { readonly: true })
      const count = db.prepare('SELECT count(*) FROM retained_probe').pluck().get() as number
      db.close()
      return count
    }

    it('needs the request and every gallery, and candidates where the policy is "referred"', async () => {
      await bench.addGallery('always', { probeRetention: 'always' })
      await bench.addGallery('referred', { probeRetention: 'referred' })
      await bench.enrol('s1', 0, ['always', 'referred', 'watchlist'])
      const kept = async (angleDeg: number, galleryIds: readonly string[], retainProbe = true) =>
        (await bench.identify(angleDeg, galleryIds, { retainProbe })).probeRetained
      expect(await kept(90, ['always'])).to.equal(true)
      expect(await kept(0, ['referred', 'always'])).to.equal(true)
      expect(await kept(90, ['referred', 'always'])).to.equal(false)
      expect(await kept(0, ['always', 'watchlist'])).to.equal(false)
      expect(await kept(0, ['always'], false)).to.equal(false)
      const unusable = await bench.identify(0, ['always'], { retainProbe: true, image: aFace(0, 1) })
      expect(unusable.probeRetained).to.equal(false)
      await bench.close()
      expect(keptCount()).to.equal(2)
      bench = await ServiceBench.open(bench.folder)
    })
  })

  describe('#verify()', () => {
    const verify = (probe: Uint8Array, reference: Uint8Array | string, thresholdScore: number | null = null) =>
      bench.identification.verify(
        {
          probe: { image: probe, fingers: [] },
          reference: typeof reference === 'string' ? { subjectId: reference } : { image: reference, fingers: [] },
          thresholdScore,
        },
        context,
      )

    it('decides between two images', async () => {
      const match = await verify(aFace(0), aFace(40))
      expect(match).to.deep.include({ decision: 'match', reasons: [], bestEncounterId: null })
      expect(match.score).to.be.closeTo(0.766, 1e-4) // cos 40°
      expect(match.probeFace).not.to.equal(null)
      expect(match.referenceFace).not.to.equal(null)
      expect((await verify(aFace(0), aFace(70))).decision).to.equal('non-match')
      expect((await verify(aFace(0), aFace(40), 0.8)).decision).to.equal('non-match')
    })

    it("takes the best of a subject's active references", async () => {
      await bench.enrol('s1', 80, [])
      const encounter = anEncounter('e2', 50, 20)
      await bench.enrolment.addEncounter({ ...ONCE, subjectId: 's1', encounter }, context)
      const active = await verify(aFace(0), 's1')
      expect(active).to.deep.include({ decision: 'match', bestEncounterId: 'e2' })
      expect(active.score).to.be.closeTo(0.9397, 1e-4) // cos 20°

      const command = { ...ONCE, subjectId: 's1', encounterId: 'e2', status: 'inactive' } as const
      await bench.enrolment.updateEncounterStatus(command, context)
      expect(await verify(aFace(0), 's1')).to.deep.include({ decision: 'non-match', bestEncounterId: 's1-e' })
    })

    it('is undetermined where a side yields no usable face, and says which', async () => {
      const result = await verify(anImageOf(), aFace(0, 1))
      expect(result).to.deep.include({ decision: 'undetermined', score: null, probeFace: null, referenceFace: null })
      expect(result.reasons).to.deep.equal(['Probe: No face was found.', 'Reference: The face is blurred; hold still.'])
      await bench.enrol('empty', 0, [], { encounter: null })
      expect((await verify(aFace(0), 'empty')).decision).to.equal('undetermined')
    })

    it('does not find who does not exist', async () => {
      expect(await errorOf(verify(aFace(0), 'nobody'))).to.have.property('code', 'SUBJECT_NOT_FOUND')
      expect(bench.analyser.analysedCount).to.equal(0)
    })
  })
})
