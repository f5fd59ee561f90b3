import { expect } from 'chai'
import type { ComparedSamples } from '../../../src/domain/calibration.js'
import { DomainError } from '../../../src/domain/errors.js'
import { CalibrationCurve } from '../../../src/engines/calibration/curve.js'
import { parseCalibration, writeCalibration } from '../../../src/engines/calibration/file.js'
import { fitCalibration } from '../../../src/engines/calibration/fit.js'
import { seededRandom } from '../../../src/services/index-check/seeded.js'
import { cosineTail, randomPeople, thrownBy } from './support/compared.js'

// Goal: a calibration says what is true of people whom it never saw. Method: people at random directions, whose cosines have a
// known law, so that the truth is computed and not estimated.
const DIMENSIONS = 48

function fitted(compared: ComparedSamples, lowestFmr: number | null = null, marginDecades = 0) {
  return fitCalibration({
    algorithm: 'random@1',
    source: { data: 'random directions', failuresToExtract: 0, date: '2026-01-01', command: 'none' },
    compared,
    lowestFmr,
    marginDecades,
    seed: 1,
    random: seededRandom(1),
  })
}

function expectRefusal(work: () => unknown, expected: string): void {
  const error = thrownBy(work)
  expect(error).to.be.instanceOf(DomainError)
  expect(error).to.include({ code: 'INVALID_ARGUMENT' })
  expect((error as DomainError).expected).to.contain(expected)
}

describe('fitCalibration()', () => {
  let compared: ComparedSamples
  let curve: CalibrationCurve
  before(async () => {
    compared = await randomPeople({ personCount: 200, samplesEach: 2, dimensions: DIMENSIONS, noise: 0.8, seed: 11 })
    curve = new CalibrationCurve(fitted(compared))
  })

  it('counts what it was made from', () => {
    expect(curve.source).to.include({ personCount: 200, sampleCount: 400, matedCount: 200, matedPersonCount: 200 })
    expect(curve.source.nonMatedCount).to.equal((400 * 399) / 2 - 200)
    expect(curve.resolution).to.be.closeTo(10 / 79_600, 1e-7)
  })

  for (const fmr of [0.3, 1e-2, 1e-3, 1e-4, 1e-5])
    it(`holds the true rate within its interval where it states ${fmr}`, () => {
      const score = curve.scoreAtFmr(fmr)
      const { rate, lower95, upper95, isExtrapolated } = curve.fmrAt(score)
      const truth = cosineTail(score, DIMENSIONS)
      expect(rate).to.be.closeTo(fmr, fmr * 1e-6)
      expect(truth, `${lower95} to ${upper95}`).to.be.within(lower95, upper95)
      expect(isExtrapolated).to.equal(fmr < 10 / 79_600) // 1.26e-4: one of 10,000 is six comparisons, which is too few
    })

  it('knows that random directions are all alike: searches are then independent', () => {
    const score = curve.scoreAtFmr(1e-3)
    const { rate, lower95, upper95 } = curve.fpirAt(score, 200)
    expect(rate).to.be.closeTo(1 - (1 - 1e-3) ** 200, 0.01)
    expect(1 - (1 - cosineTail(score, DIMENSIONS)) ** 200).to.be.within(lower95, upper95)
  })

  it('gives half the false non-matches at the median of mated scores, and likelihood ratios against and for', () => {
    const median = compared.mated.scores[100]!
    expect(curve.fnmrAt(median).rate).to.be.closeTo(0.5, 0.05)
    expect(curve.llrAt(-0.5)).to.be.lessThan(-1)
    expect(curve.llrAt(0.9)).to.be.greaterThan(3)
  })

  it('reaches over both classes, and states nothing rarer than a hundredth of what was measured', () => {
    const { knots, resolution } = fitted(compared)
    const last = knots.at(-1)!
    expect(last.score).to.be.closeTo(compared.mated.scores[0]!, 1e-4)
    expect(last.fnmr).to.be.within(0.99, 1)
    expect(last.fmr).to.be.closeTo(resolution / 100, resolution * 1e-5)
    expect(curve.fmrAt(1).rate).to.equal(last.fmr)
    expect(curve.scoreAtFmr(last.fmr)).to.be.lessThan(last.score - 0.1)
  })

  it('raises rates by a margin, widens their intervals, and weakens what speaks for one person', () => {
    const [measured, raised] = [fitted(compared), fitted(compared, null, 1)]
    expect(measured).not.to.have.property('marginDecades')
    expect(raised.marginDecades).to.equal(1)
    expect(raised.resolution).to.be.closeTo(10 * measured.resolution, 1e-6)
    measured.knots.forEach((knot, i) => {
      const { fmr, fmrLower95, fmrUpper95, fnmr, llr } = raised.knots[i]!
      expect(fmr / Math.min(1, 10 * knot.fmr)).to.be.closeTo(1, 2e-3)
      expect(fmrLower95 / Math.min(1, Math.sqrt(10) * knot.fmrLower95)).to.be.closeTo(1, 2e-3)
      expect(fmrUpper95 / Math.min(1, 10 * Math.sqrt(10) * knot.fmrUpper95)).to.be.closeTo(1, 2e-3)
      expect(fnmr).to.equal(knot.fnmr)
      expect(llr).to.be.closeTo(knot.llr > 1 ? knot.llr - 1 : Math.min(0, knot.llr), 1e-3)
    })
    expect(parseCalibration(new TextEncoder().encode(writeCalibration(raised)))).to.deep.equal(raised)
  })

  it('stays with numbers where two people alone are alike, and a draw may hold neither', async () => {
    const twins = await randomPeople({ personCount: 10, samplesEach: 12, dimensions: 64, noise: 0.5, seed: 3 })
    const { first, second, scores } = twins.nonMated
    const areTwins = (at: number) => Math.max(twins.persons[first[at]!]!, twins.persons[second[at]!]!) === 1
    const order = Array.from(scores, (_, at) => at).sort((a, b) => Number(areTwins(b)) - Number(areTwins(a)) || a - b)
    const nonMated = {
      scores: Float64Array.from(order, (at) => (areTwins(at) ? 0.8 : 0) + scores[at]! / 10)
        .sort()
        .reverse(),
      first: Uint16Array.from(order, (at) => first[at]!),
      second: Uint16Array.from(order, (at) => second[at]!),
    }
    const content = fitted({ ...twins, nonMated })
    expect(parseCalibration(new TextEncoder().encode(writeCalibration(content)))).to.deep.equal(content)
  })

  it('gives the same bytes for the same data and seed', () => {
    expect(writeCalibration(fitted(compared))).to.equal(writeCalibration(fitted(compared)))
  })

  it('refuses too few people, too few comparisons, and a rate that needs more of them', async () => {
    const few = await randomPeople({ personCount: 9, samplesEach: 20, dimensions: 8, noise: 0.5, seed: 1 })
    expectRefusal(() => fitted(few), 'at least 10 people')
    const little = await randomPeople({ personCount: 20, samplesEach: 2, dimensions: 8, noise: 0.5, seed: 1 })
    expectRefusal(() => fitted(little), 'at least 1000 comparisons') // 760
    expectRefusal(() => fitted(compared, 1e-5), '1000000 comparisons of different people for an FMR of 0.00001')
    expect(thrownBy(() => fitted(compared, 1e-3))).to.equal(null)
  })

  it('refuses scores that are all alike', () => {
    const { nonMated } = compared
    const alike = { ...compared, nonMated: { ...nonMated, scores: nonMated.scores.map(() => 0.25) } }
    expectRefusal(() => fitted(alike), 'different scores')
  })
})
