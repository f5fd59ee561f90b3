import { expect } from 'chai'
import type { FingerPosition } from '../../src/domain/finger.js'
import type { IdentifyCommand } from '../../src/services/commands.js'
import { fuse } from '../../src/engines/fusion/fuse.js'
import { aFingerInput, aFingerRecord, aFingerView } from '../support/finger-samples.js'
import { aSubject, anEncounter, context, errorOf, ONCE, ServiceBench } from '../support/service-bench.js'
import { writeFingerRecord } from '../../src/engines/finger/formats/write.js'
import { aFace } from '../support/synthetic-analyser.js'

// Goal: fingers are enrolled, searched, fused and reported like faces. Method: real services, data file, matcher and index over
// synthetic impressions; faces at known angles.
describe('Fingers', () => {
  let bench: ServiceBench
  beforeEach(async () => {
    bench = await ServiceBench.open()
    await bench.addGallery('watch')
  })
  afterEach(() => bench.close())

  /** Enrols a subject with these fingers and, where an angle is given, a face. */
  async function enrol(id: string, fingers: Partial<Record<FingerPosition, string>>, angleDeg: number | null = null) {
    const inputs = Object.entries(fingers).map(([position, finger]) =>
      aFingerInput(finger, 1, position as FingerPosition),
    )
    const images = angleDeg === null ? [] : [aFace(angleDeg)]
    const encounter = { ...anEncounter(`${id}-e`), images, fingers: inputs }
    return bench.enrolment.createSubject({ ...aSubject(id, 0, ['watch']), encounter }, context)
  }

  const search = (fingers: IdentifyCommand['fingers'], more: Partial<IdentifyCommand> = {}) =>
    bench.identify(0, ['watch'], { image: null, fingers, ...more })

  it('are enrolled beside faces, and shown with what is known of them', async () => {
    const subject = await enrol('a', { 'right-index': 'A' }, 10)
    const samples = subject.encounters[0]?.samples ?? []
    expect(samples.map(({ kind }) => kind)).to.deep.equal(['face-image', 'finger-record'])
    expect(samples[1]).to.deep.include({
      modality: 'finger',
      format: 'iso-19794-2-2005',
      position: 'right-index',
      quality: 80,
      extractor: '',
    })
    expect(await bench.found(10, ['watch'])).to.deep.equal(['a'])
  })

  it('are found by another impression, also after a restart, and nobody else is', async () => {
    for (const name of ['A', 'B', 'C', 'D']) await enrol(name, { 'right-index': name })
    for (const round of [1, 2]) {
      const { candidates, outcome, threshold, evidence, image } = await search([aFingerInput('B', 2, 'right-index')])
      expect(outcome).to.equal('refer-for-review')
      expect(candidates.map(({ subjectId }) => subjectId)).to.deep.equal(['B'])
      expect(threshold).to.deep.include({ scale: '-log10(fmr)', score: 3, fmr: 1e-3 })
      const [part] = candidates[0]?.scores ?? []
      expect(part).to.deep.include({ part: 'right-index', bestEncounterId: 'B-e', score: candidates[0]?.score })
      const covered = { part: 'right-index', searchMode: 'exhaustive', referencesCoveredCount: 4, comparedCount: 4 }
      expect(evidence.parts[0]).to.deep.include(covered)
      expect(evidence.galleries).to.deep.equal([{ galleryId: 'watch', referenceCount: 4 }])
      expect(image).to.equal(null)
      if (round === 1) bench = await bench.restarted()
    }
  })

  it('are no candidate when nobody has them', async () => {
    await enrol('a', { 'right-index': 'A' })
    expect(await search([aFingerInput('Z', 1, 'right-index')])).to.include({ outcome: 'no-candidate' })
  })

  it('are compared with the same position only; an unknown one with all', async () => {
    await enrol('a', { 'right-index': 'A' })
    await enrol('b', { unknown: 'B' })
    const found = async (finger: string, position: FingerPosition) =>
      (await search([aFingerInput(finger, 2, position)])).candidates.map(({ subjectId }) => subjectId)
    expect(await found('A', 'right-index')).to.deep.equal(['a'])
    expect(await found('A', 'left-index')).to.deep.equal([])
    expect(await found('A', 'unknown')).to.deep.equal(['a'])
    expect(await found('B', 'left-little')).to.deep.equal(['b'])
  })

  it('and faces are fused; a missing part counts neither for nor against', async () => {
    await enrol('both', { 'right-index': 'A', 'left-index': 'B' }, 0)
    await enrol('face', {}, 0)
    await enrol('finger', { 'right-index': 'A' })
    const probe = {
      image: aFace(0),
      fingers: [aFingerInput('A', 2, 'right-index'), aFingerInput('B', 2, 'left-index')],
    }
    const { candidates, evidence } = await bench.identify(0, ['watch'], probe)
    expect(candidates[0]?.subjectId).to.equal('both')
    const parts = Object.fromEntries(
      candidates.map(({ subjectId, scores }) => [subjectId, scores.map(({ part }) => part)]),
    )
    expect(parts).to.deep.equal({
      both: ['face', 'right-index', 'left-index'],
      face: ['face'],
      finger: ['right-index'],
    })
    for (const { score, scores } of candidates)
      expect(score).to.be.closeTo(fuse(scores.map(({ negLog10Fmr }) => negLog10Fmr)), 1e-9)
    expect(evidence.parts.map(({ part, searchMode }) => [part, searchMode])).to.deep.equal([
      ['face', 'exact'],
      ['right-index', 'exhaustive'],
      ['left-index', 'exhaustive'],
    ])
  })

  it('of several impressions of one position are one part, of which the best counts', async () => {
    await enrol('a', { 'right-index': 'A' })
    const one = await search([aFingerInput('A', 2, 'right-index')])
    const two = await search([aFingerInput('Z', 1, 'right-index'), aFingerInput('A', 2, 'right-index')])
    expect(two.candidates[0]?.scores).to.deep.equal(one.candidates[0]?.scores)
  })

  it('cease to be found at once: inactive, moved, deleted', async () => {
    await enrol('a', { 'right-index': 'A' })
    const found = async () => (await search([aFingerInput('A', 2, 'right-index')])).candidates.length
    await bench.enrolment.updateEncounterStatus(
      { ...ONCE, subjectId: 'a', encounterId: 'a-e', status: 'inactive' },
      context,
    )
    expect(await found()).to.equal(0)
    await bench.enrolment.updateEncounterStatus(
      { ...ONCE, subjectId: 'a', encounterId: 'a-e', status: 'active' },
      context,
    )
    expect(await found()).to.equal(1)
    await bench.enrolment.setGalleries({ ...ONCE, subjectId: 'a', galleryIds: [] }, context)
    expect(await found()).to.equal(0)
    await bench.enrolment.setGalleries({ ...ONCE, subjectId: 'a', galleryIds: ['watch'] }, context)
    expect(await found()).to.equal(1)
    await bench.enrolment.deleteSubject({ ...ONCE, subjectId: 'a' }, context)
    expect(await found()).to.equal(0)
  })

  it('move with a merge', async () => {
    await enrol('a', { 'right-index': 'A' })
    await enrol('b', { 'right-index': 'B' })
    await bench.enrolment.mergeSubjects({ ...ONCE, intoSubjectId: 'a', fromSubjectId: 'b' }, context)
    const { candidates } = await search([aFingerInput('B', 2, 'right-index')])
    expect(candidates.map(({ subjectId }) => subjectId)).to.deep.equal(['a'])
  })

  it('of one record with several views are all enrolled', async () => {
    const views = [aFingerView('A', 1, 'right-index'), aFingerView('B', 1, 'left-thumb')]
    const record = { kind: 'record', bytes: writeFingerRecord({ views }, 'iso-19794-2-2005'), options: {} } as const
    const fingers = [{ ...record, position: 'unknown' } as const]
    const encounter = { ...anEncounter('e'), images: [], fingers }
    await bench.enrolment.createSubject({ ...aSubject('a', 0, ['watch']), encounter }, context)
    for (const [finger, position] of [
      ['A', 'right-index'],
      ['B', 'left-thumb'],
    ] as const)
      expect((await search([aFingerInput(finger, 2, position)])).candidates).to.have.length(1)
  })

  it('that are not good enough are refused at enrolment, and make a search inconclusive', async () => {
    await bench.addGallery('strict', { minimumQuality: 50 })
    const poor = aFingerInput('A', 1, 'right-index', 30)
    const encounter = { ...anEncounter('e'), images: [], fingers: [poor] }
    const refused = await errorOf(
      bench.enrolment.createSubject({ ...aSubject('a', 0, ['strict']), encounter }, context),
    )
    expect(refused).to.deep.include({ code: 'QUALITY_TOO_LOW', field: 'encounter.fingers[0]' })
    const result = await search([poor], { galleryIds: ['strict'] })
    expect(result.outcome).to.equal('inconclusive')
    expect(result.reasons.join()).to.match(/quality is 30, at least 50/)
  })

  it('that could not be used are named beside those that could', async () => {
    await bench.addGallery('strict', { minimumQuality: 50 })
    const fingers = [aFingerInput('A', 1, 'right-index', 30), aFingerInput('B', 1, 'left-index')]
    const { outcome, evidence } = await search(fingers, { galleryIds: ['strict'] })
    expect(outcome).to.equal('no-candidate')
    expect(evidence.parts.map(({ part, searchMode }) => [part, searchMode])).to.deep.equal([
      ['left-index', 'exhaustive'],
      ['unknown', null],
    ])
  })

  it('that are rubbish, or of another finger than is said, are an error that names them', async () => {
    const rubbish = { kind: 'record', bytes: new Uint8Array(50), options: {}, position: 'unknown' } as const
    const lie = { ...aFingerInput('A', 1, 'right-index'), position: 'left-index' } as const
    for (const [input, code] of [
      [rubbish, 'FORMAT_UNSUPPORTED'],
      [lie, 'INVALID_ARGUMENT'],
    ] as const) {
      const encounter = { ...anEncounter('e'), images: [], fingers: [input] }
      const error = await errorOf(bench.enrolment.createSubject({ ...aSubject('a', 0, ['watch']), encounter }, context))
      expect(error).to.have.property('code', code)
      expect(error)
        .to.have.property('field')
        .that.matches(/^encounter\.fingers\[0\]/)
    }
  })

  it('are bounded in number, and a probe needs something', async () => {
    const many = Array.from({ length: 17 }, (_, i) => aFingerInput(String(i), 1))
    expect(await errorOf(search(many))).to.deep.include({ code: 'INVALID_ARGUMENT', field: 'fingers' })
    expect(await errorOf(search([]))).to.deep.include({ code: 'INVALID_ARGUMENT', field: 'probe' })
    const high = errorOf(search([aFingerInput('A', 1)], { threshold: { kind: 'score', score: -1 } }))
    expect(await high).to.deep.include({ code: 'INVALID_ARGUMENT', field: 'threshold_score' })
  })

  it('are retained with the face, when everybody agrees', async () => {
    await bench.addGallery('keep', { probeRetention: 'always' })
    const fingers = [aFingerInput('A', 1), aFingerInput('B', 1)]
    const { probeRetained } = await search(fingers, { galleryIds: ['keep'], image: aFace(0), retainProbe: true })
    expect(probeRetained).to.equal(true)
  })

  describe('verified 1:1', () => {
    const samples = (...fingers: IdentifyCommand['fingers'][number][]) => ({ image: null, fingers })
    const decide = (probe: ReturnType<typeof samples>, reference: ReturnType<typeof samples> | { subjectId: string }) =>
      bench.identification.verify({ probe, reference, thresholdScore: null }, context)

    it('decide between samples, and against a subject', async () => {
      await enrol('a', { 'right-index': 'A' })
      const probe = samples(aFingerInput('A', 2, 'right-index'))
      const match = await decide(probe, samples(aFingerInput('A', 1, 'right-index')))
      expect(match).to.deep.include({ decision: 'match', reasons: [], bestEncounterId: null })
      expect(await decide(probe, { subjectId: 'a' })).to.deep.include({
        decision: 'match',
        bestEncounterId: 'a-e',
        score: match.score,
      })
      expect((await decide(probe, samples(aFingerInput('Z', 1, 'right-index')))).decision).to.equal('non-match')
    })

    it('are undetermined where the sides share no finger', async () => {
      const probe = samples(aFingerInput('A', 2, 'right-index'))
      const result = await decide(probe, samples(aFingerInput('A', 1, 'left-index')))
      expect(result).to.deep.include({ decision: 'undetermined', score: null })
      expect(result.reasons).to.deep.equal(['The two sides have no usable part in common.'])
    })
  })

  it('keep what was handed over, byte for byte', async () => {
    await enrol('a', { 'right-index': 'A' })
    const [reference] = await bench.store.fingersOf('a', bench.services.fingerReferences.algorithm)
    expect(Buffer.from(reference?.record ?? [])).to.deep.equal(Buffer.from(aFingerRecord('A', 1, 'right-index')))
  })
})
