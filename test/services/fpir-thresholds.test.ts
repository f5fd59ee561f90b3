import { expect } from 'chai'
import type { ScoreCalibration } from '../../src/domain/calibration.js'
import type { ThresholdWish } from '../../src/domain/threshold.js'
import { aCalibration } from '../support/calibrations.js'
import { aFingerInput } from '../support/finger-samples.js'
import { anEncounter, context, errorOf, ONCE, ServiceBench } from '../support/service-bench.js'
import { aFace, anImageOf, SyntheticAnalyser } from '../support/synthetic-analyser.js'

// Goal: a caller states an error rate of searches, and the service keeps it for what this search compares. Method: the real index,
// and a calibration whose FMR is 10^(−4·score) and whose FPIR is N·FMR / (1 + N·FMR): a target of ½ needs FMR = 1/N, so
// 10 references need the score ¼ and 100 the score ½.
describe('thresholds from a target of false positives', () => {
  const SPACE = 'circle@000000000001'
  const CURVE = aCalibration(SPACE, 0.25)
  const HALF: ThresholdWish = { kind: 'target-fpir', fpir: 0.5 }
  let bench: ServiceBench

  const open = (face: ScoreCalibration | null = CURVE, finger: ScoreCalibration | null = null) =>
    ServiceBench.open(undefined, undefined, undefined, { face, finger })
  /** A subject with so many references, all at one angle. */
  const enrolMany = (id: string, count: number, galleryIds: readonly string[], angleDeg = 90) =>
    bench.enrol(id, 0, galleryIds, { encounter: anEncounter(`${id}-e`, ...Array<number>(count).fill(angleDeg)) })
  const thresholdOf = async (galleryIds: readonly string[], threshold: ThresholdWish = HALF) =>
    (await bench.identify(0, galleryIds, { threshold })).threshold

  beforeEach(async () => {
    bench = await open()
    await bench.addGallery('ten')
    await bench.addGallery('more')
    await bench.addGallery('empty')
  })
  afterEach(() => bench.close())

  it('derives the least score that keeps the target, and says what it predicts', async () => {
    await enrolMany('s', 10, ['ten']) // several references of one subject count each
    const { fpir, ...threshold } = await thresholdOf(['ten'])
    expect(threshold).to.deep.include({ scale: 'cosine', source: 'target-fpir' })
    expect(threshold.score).to.be.closeTo(0.25, 1e-9)
    expect(threshold.fmr).to.be.closeTo(0.1, 1e-9)
    expect(fpir).to.deep.include({ target: 0.5, referenceCount: 10, searchCount: 1, isExtrapolated: false })
    expect(fpir?.rate).to.be.closeTo(0.5, 1e-9)
    expect(fpir?.lower95).to.be.within(0.01, 0.5)
    expect(fpir?.upper95).to.be.within(0.5, 0.99)
  })

  it('counts the references that this search compares: of the named galleries, each once, of this space', async () => {
    await enrolMany('s', 10, ['ten', 'more'])
    for (let i = 0; i < 9; i++) await enrolMany(`m${i}`, 10, ['more'])
    await bench.enrol('near', 70, ['ten']) // cos 70° is .342
    const at = async (galleryIds: readonly string[]) => {
      const { threshold, candidates } = await bench.identify(0, galleryIds, { threshold: HALF })
      return [threshold.fpir?.referenceCount, Number(threshold.score.toFixed(3)), candidates.length]
    }
    expect(await at(['ten'])).to.deep.equal([11, 0.26, 1]) // FMR 1/11
    expect(await at(['more'])).to.deep.equal([100, 0.5, 0])
    expect(await at(['ten', 'more'])).to.deep.equal([101, 0.501, 0]) // the same subject, among more, is no candidate any more
    await bench.enrolment.deleteSubject({ ...ONCE, subjectId: 'm0' }, context)
    expect(await at(['more'])).to.deep.equal([90, 0.489, 0])
  })

  it('does not count references of another space, which it does not compare', async () => {
    await enrolMany('s', 10, ['ten'])
    const other = new SyntheticAnalyser('square@000000000002')
    await bench.close()
    bench = await ServiceBench.open(bench.folder, other, undefined, {
      face: aCalibration(other.algorithm.algorithm, 0.25),
      finger: null,
    })
    await bench.enrol('new', 0, ['ten'])
    const { threshold, evidence } = await bench.identify(0, ['ten'], { threshold: HALF })
    expect(threshold.fpir?.referenceCount).to.equal(1)
    expect(evidence.referencesNotSearchedCount).to.equal(10)
  })

  it('takes false alerts a day over searches a day for the target', async () => {
    await enrolMany('s', 10, ['ten'])
    const alerts = await thresholdOf(['ten'], { kind: 'alerts', alertsPerDay: 50, searchesPerDay: 100 })
    expect(alerts).to.deep.equal(await thresholdOf(['ten']))
  })

  it('keeps the target for the whole call where the image shows several faces', async () => {
    await bench.addGallery('crowd', { multiFace: 'all' })
    await enrolMany('s', 10, ['crowd'])
    const image = anImageOf({ angleDeg: 0 }, { angleDeg: 180 })
    const { threshold } = await bench.identify(0, ['crowd'], { image, threshold: HALF })
    expect(threshold.fpir).to.deep.include({ searchCount: 2, referenceCount: 10 })
    expect(threshold.fpir?.rate).to.be.closeTo(0.5, 1e-9)
    const each = 1 - Math.SQRT1_2 // of one face; N·FMR = each / (1 − each) = √2 − 1
    expect(threshold.fmr).to.be.closeTo(each / (1 - each) / 10, 1e-9)
  })

  it('predicts for any other threshold too, and leaves it as it is', async () => {
    await enrolMany('s', 10, ['ten'])
    const own = await thresholdOf(['ten'], { kind: 'score', score: 0.25 })
    expect(own).to.deep.include({ score: 0.25, source: 'request' })
    expect(own.fmr).to.be.closeTo(0.1, 1e-9)
    expect(own.fpir).to.deep.include({ target: null, referenceCount: 10 })
    expect(own.fpir?.rate).to.be.closeTo(0.5, 1e-9)
    const standard = await thresholdOf(['ten'], { kind: 'default' })
    expect(standard).to.deep.include({ score: 0.5, source: 'manifest', fmr: 1e-3 }) // the manifest's own measurement
    expect(standard.fpir?.rate).to.be.closeTo(10e-2 / (1 + 10e-2), 1e-9) // the calibration's: FMR 10^−2 at .5
  })

  it('defines a threshold where there is nobody to find, and predicts no false positive', async () => {
    const { score, fpir } = await thresholdOf(['empty'])
    expect(score).to.equal(0)
    expect(fpir).to.deep.include({ referenceCount: 0, rate: 0, lower95: 0, upper95: 0, isExtrapolated: false })
  })

  it('lets an examiner see the most similar subjects, however little similar, and says that no threshold applied', async () => {
    await bench.enrol('opposite', 180, ['ten']) // cos 180° is −1
    await bench.enrol('across', 90, ['ten'])
    await bench.enrol('near', 10, ['ten'])
    const search = { threshold: { kind: 'investigation' }, candidateCountMax: 3 } as const
    const { candidates, threshold, outcome } = await bench.identify(0, ['ten'], search)
    expect(candidates.map(({ subjectId }) => subjectId)).to.deep.equal(['near', 'across', 'opposite'])
    expect(threshold).to.deep.include({ source: 'none', fmr: null, fpir: null })
    expect(outcome).to.equal('refer-for-review')
    const { candidates: first } = await bench.identify(0, ['ten'], { ...search, candidateCountMax: 1 })
    expect(first.map(({ subjectId }) => subjectId)).to.deep.equal(['near'])
  })

  it('keeps no probe of an investigation as one that was referred', async () => {
    await bench.addGallery('evidence', { probeRetention: 'referred' })
    await bench.addGallery('all', { probeRetention: 'always' })
    await bench.enrol('near', 10, ['evidence', 'all'])
    const kept = async (galleryId: string, threshold: ThresholdWish) =>
      (await bench.identify(0, [galleryId], { threshold, retainProbe: true })).probeRetained
    expect(await kept('evidence', HALF)).to.equal(true)
    expect(await kept('evidence', { kind: 'investigation' })).to.equal(false)
    expect(await kept('all', { kind: 'investigation' })).to.equal(true)
  })

  it('says of each candidate how rare its score is, and how much more frequent for the same person', async () => {
    await bench.enrol('s60', 60, ['ten']) // cos 60° is .5
    const [candidate] = (await bench.identify(0, ['ten'])).candidates
    expect(candidate?.fmrAtScore).to.be.closeTo(1e-2, 1e-7)
    expect(candidate?.llr).to.be.closeTo(1, 1e-5)
    expect(candidate?.scores[0]?.negLog10Fmr).to.be.closeTo(2, 1e-5)
  })

  it('refuses a target that is rarer than is known, and grants the rarest that it names', async () => {
    await enrolMany('s', 10, ['ten'])
    const error = await errorOf(thresholdOf(['ten'], { kind: 'target-fpir', fpir: 9e-4 })) // 10 · 10^−4 / 1.001
    expect(error).to.deep.include({ code: 'INVALID_ARGUMENT', field: 'target_fpir' })
    expect(error).to.have.property(
      'message',
      'expected a false positive identification rate of at least 0.0010, the rarest that is known for 10 references, got 0.0009',
    )
    const granted = await thresholdOf(['ten'], { kind: 'target-fpir', fpir: 0.001 })
    expect(granted.fpir?.rate).to.be.at.most(0.001)
    expect(granted.fpir?.isExtrapolated).to.equal(true) // FMR 10^−4 is rarer than the data supports
    const alerts = { kind: 'alerts', alertsPerDay: 1, searchesPerDay: 1e6 } as const
    expect(await errorOf(thresholdOf(['ten'], alerts))).to.have.property('field', 'alerts')
  })

  it('refuses what no rate can be, before anything is analysed', async () => {
    const fieldOf = async (threshold: ThresholdWish) =>
      ((await errorOf(thresholdOf(['ten'], threshold))) as { field: string }).field
    for (const fpir of [0, 1, -0.1, 1.1, NaN])
      expect(await fieldOf({ kind: 'target-fpir', fpir })).to.equal('target_fpir')
    for (const [alertsPerDay, searchesPerDay, field] of [
      [0, 100, 'alerts.alerts_per_day'],
      [NaN, 100, 'alerts.alerts_per_day'],
      [100, 100, 'alerts.alerts_per_day'],
      [1, 0, 'alerts.searches_per_day'],
      [1, Infinity, 'alerts.searches_per_day'],
    ] as const)
      expect(await fieldOf({ kind: 'alerts', alertsPerDay, searchesPerDay })).to.equal(field)
    expect(bench.analyser.analysedCount).to.equal(0)
  })

  it('promises nothing without a calibration; everything else is as ever', async () => {
    await bench.close()
    bench = await open(null)
    await bench.addGallery('ten')
    await bench.enrol('s10', 10, ['ten'])
    for (const wish of [HALF, { kind: 'alerts', alertsPerDay: 1, searchesPerDay: 100 }] as const)
      expect(await errorOf(thresholdOf(['ten'], wish))).to.have.property('code', 'NOT_CALIBRATED')
    expect(bench.analyser.analysedCount).to.equal(1) // the enrolment
    const { candidates, threshold } = await bench.identify(0, ['ten'])
    expect(candidates[0]).to.deep.include({ subjectId: 's10', fmrAtScore: null, llr: null })
    expect(threshold.fpir).to.equal(null)
    expect((await thresholdOf(['ten'], { kind: 'investigation' })).source).to.equal('none')
  })

  it('says of an unusable probe which threshold it would have had', async () => {
    await enrolMany('s', 10, ['ten'])
    const { outcome, threshold } = await bench.identify(0, ['ten'], { image: aFace(0, 5), threshold: HALF })
    expect(outcome).to.equal('inconclusive')
    expect(threshold.score).to.be.closeTo(0.25, 1e-9)
  })

  describe('with fingers', () => {
    const enrolWithFinger = async (id: string, finger: string, angleDeg: number) =>
      bench.enrol(id, 0, ['ten'], {
        encounter: { ...anEncounter(`${id}-e`, angleDeg), fingers: [aFingerInput(finger, 0)] },
      })
    const search = (image: Uint8Array | null, threshold: ThresholdWish = HALF) =>
      bench.identify(0, ['ten'], { image, fingers: [aFingerInput('A', 1)], threshold })
    const reopen = async (face: ScoreCalibration | null, finger: ScoreCalibration | null) => {
      await bench.close()
      bench = await open(face, finger)
      await bench.addGallery('ten')
      await enrolWithFinger('a', 'A', 10)
      await enrolWithFinger('b', 'B', 100)
    }

    it('bounds what no data has calibrated: every comparison keeps the rate that its score states', async () => {
      await reopen(CURVE, null)
      const { threshold, candidates } = await search(null)
      expect(threshold).to.deep.include({ scale: '-log10(fmr)', source: 'target-fpir' })
      expect(threshold.score).to.be.closeTo(-Math.log10(1 - Math.SQRT1_2), 1e-9) // (1 − FMR)² = ½
      expect(threshold.fpir).to.deep.include({ referenceCount: 2, lower95: 0, isExtrapolated: true })
      expect(threshold.fpir?.rate).to.be.closeTo(0.5, 1e-9)
      const [first] = candidates
      expect(first).to.deep.include({ subjectId: 'a', llr: null }) // the finger has none
      expect(first?.fmrAtScore).to.be.closeTo(10 ** -(first?.score ?? 0), 1e-12)
    })

    it('goes by the calibration of fingers where the probe is one finger alone', async () => {
      await reopen(CURVE, aCalibration('finger@000000000001', 2)) // FMR ½ at the score 2·log10(2)
      const { threshold, candidates } = await search(null)
      expect(threshold.score).to.be.closeTo(2 * Math.log10(2), 1e-9) // 2 references
      expect(threshold.fpir).to.deep.include({ referenceCount: 2, measuredOn: 'nobody: rates to reckon with' })
      const { score = 0, llr, fmrAtScore } = candidates[0] ?? {}
      expect(llr).to.be.closeTo(Math.min(3, score / 2 - 1), 1e-9)
      expect(fmrAtScore).to.be.closeTo(Math.max(1e-4, 10 ** (-score / 2)), 1e-9)
    })

    it('sums the likelihood ratios of the parts that a subject has', async () => {
      await reopen(CURVE, aCalibration('finger@000000000001', 2))
      await bench.enrol('face-only', 20, ['ten'])
      const { candidates, threshold } = await search(aFace(0), { kind: 'investigation' })
      expect(threshold).to.deep.include({ source: 'none', score: 0 })
      const llrs = new Map(candidates.map(({ subjectId, scores, llr }) => [subjectId, { llr, parts: scores.length }]))
      const ofA = candidates.find(({ subjectId }) => subjectId === 'a')
      expect(ofA?.scores).to.have.length(2)
      expect(ofA?.llr).to.be.closeTo(ofA?.scores.reduce((sum, { llr }) => sum + (llr ?? NaN), 0) ?? NaN, 1e-12)
      expect(llrs.get('face-only')?.parts).to.equal(1)
      expect(llrs.get('face-only')?.llr).to.be.closeTo(4 * Math.cos(Math.PI / 9) - 1, 1e-5) // a missing part is neutral
    })

    it('has no target for a face without a calibration beside fingers', async () => {
      await reopen(null, null)
      expect(await errorOf(search(aFace(0)))).to.have.property('code', 'NOT_CALIBRATED')
      expect((await search(aFace(0), { kind: 'default' })).threshold.fpir).to.equal(null)
      expect((await search(null)).threshold.fpir?.isExtrapolated).to.equal(true)
    })
  })
})
