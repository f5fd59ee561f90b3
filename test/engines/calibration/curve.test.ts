import { expect } from 'chai'
import fc from 'fast-check'
import { DomainError } from '../../../src/domain/errors.js'
import { CalibrationCurve } from '../../../src/engines/calibration/curve.js'
import { CONTENT } from './support/content.js'
import { thrownBy } from './support/compared.js'

// Goal: what a score means between, before and after the knots. Method: three knots, FMR a power of ten in every tenth of a score.
const curve = new CalibrationCurve(CONTENT)

describe('CalibrationCurve', () => {
  it('runs straight in the logarithm of the rate', () => {
    expect(curve.fmrAt(0.25).rate).to.be.closeTo(10 ** -1.5, 1e-9)
    expect(curve.fmrAt(0.4).rate).to.be.closeTo(1e-3, 1e-9)
    expect(curve.scoreAtFmr(1e-3)).to.be.closeTo(0.4, 1e-9)
    expect(curve.llrAt(0.25)).to.be.closeTo(0, 1e-9)
    expect(curve.fnmrAt(0.4).rate).to.be.closeTo(0.2, 1e-9)
  })

  it('says what is extrapolated: rates below those that ten comparisons support', () => {
    expect(curve.fmrAt(0.4).isExtrapolated).to.equal(false)
    expect(curve.fmrAt(0.45).isExtrapolated).to.equal(true)
  })

  it('goes no further than its knots, whatever the score', () => {
    expect(curve.fmrAt(0.99).rate).to.equal(1e-4)
    expect(curve.fmrAt(-1).rate).to.equal(0.1)
    expect(curve.llrAt(Infinity)).to.equal(4)
  })

  it('refuses what is no number: it must not read as the best match', () => {
    for (const work of [
      () => curve.fmrAt(NaN),
      () => curve.fnmrAt(NaN),
      () => curve.llrAt(NaN),
      () => curve.fpirAt(NaN, 10),
      () => curve.fpirAt(0.3, NaN),
      () => curve.fpirAt(0.3, -1),
      () => curve.scoreAtFpir(0.1, Infinity),
    ])
      expect(thrownBy(work)).to.be.instanceOf(DomainError).and.include({ code: 'INVALID_ARGUMENT' })
  })

  it('refuses a rate beyond its knots, and says which one it reaches', () => {
    const error = thrownBy(() => curve.scoreAtFmr(1e-5))
    expect(error).to.be.instanceOf(DomainError).and.include({ code: 'INVALID_ARGUMENT', field: 'fmr' })
    expect((error as DomainError).expected).to.contain('at least 0.00010')
    expect(thrownBy(() => curve.scoreAtFpir(0.01, 1000))).to.include({ field: 'target_fpir' })
    for (const rate of [0, 1, -1, NaN])
      expect(thrownBy(() => curve.scoreAtFpir(rate, 10))).to.be.instanceOf(DomainError)
  })

  it('derives the threshold of a search from the number of references', () => {
    // 1 − (1 + 100·FMR)^−1 = 0.5 where FMR = 0.01, with the shape 1.
    expect(curve.scoreAtFpir(0.5, 100)).to.be.closeTo(0.3, 1e-9)
    expect(curve.fpirAt(0.3, 100).rate).to.be.closeTo(0.5, 1e-9)
    expect(curve.fpirAt(0.3, 0)).to.deep.equal({ rate: 0, lower95: 0, upper95: 0, isExtrapolated: false })
    expect(curve.scoreAtFpir(0.5, 0)).to.equal(0.2)
  })

  it('adds up what the interval must hold', () => {
    // Both ends are a factor of 2 from the rate: √(2·ln²2 + 1.96²/100) = 0.99966 in logarithms.
    const factor = Math.exp(Math.sqrt(2 * Math.log(2) ** 2 + 1.96 ** 2 / 100))
    const { lower95, upper95 } = curve.fpirAt(0.3, 100)
    expect(upper95).to.be.closeTo(1 - 1 / (1 + factor), 1e-9)
    expect(lower95).to.be.closeTo(1 - 1 / (1 + 1 / factor), 1e-9)
  })

  it('assumes the worst of probes over more references than it was measured with', () => {
    const [within, beyond] = [curve.fpirAt(0.4, 200), curve.fpirAt(0.4, 201)]
    expect(within.isExtrapolated).to.equal(false)
    expect(beyond.isExtrapolated).to.equal(true)
    expect(beyond.upper95).to.be.greaterThan(within.upper95 * 1.1)
  })

  it('keeps what it promises: the threshold for a rate has that rate, and more references never need a lower one', () => {
    const rates = fc.double({ min: 0.02, max: 0.9, noNaN: true })
    fc.assert(
      fc.property(rates, fc.integer({ min: 1, max: 150 }), (fpir, count) => {
        const score = curve.scoreAtFpir(fpir, count)
        const { rate, lower95, upper95 } = curve.fpirAt(score, count)
        expect(rate).to.be.at.most(fpir + 1e-9)
        expect(rate).to.be.within(lower95, upper95)
        expect(curve.scoreAtFpir(fpir, count + 1)).to.be.at.least(score - 1e-9)
      }),
      { seed: 1 },
    )
  })
})
