import { expect } from 'chai'
import fc from 'fast-check'
import { binomialInterval, incompleteBeta } from '../../../src/services/monitor/binomial-interval.js'

/** The chance of `least` successes or more of `total` tries, term by term. */
function chanceOfAtLeast(least: number, total: number, rate: number): number {
  let [term, sum] = [(1 - rate) ** total, 0]
  for (let k = 0; k <= total; k++) {
    if (k >= least) sum += term
    term *= ((total - k) / (k + 1)) * (rate / (1 - rate))
  }
  return sum
}

// Goal: the interval of a rate that was seen a few times of many. Method: closed forms, tables, and the sum that it stands for.
describe('incompleteBeta()', () => {
  it('is the chance of so many successes or more', () => {
    const cases = fc.record({
      total: fc.integer({ min: 1, max: 60 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      rate: fc.double({ min: 0.001, max: 0.999, noNaN: true }),
    })
    fc.assert(
      fc.property(cases, ({ total, share, rate }) => {
        const least = 1 + Math.floor(share * (total - 1))
        const found = incompleteBeta(rate, least, total - least + 1)
        expect(found).to.be.closeTo(chanceOfAtLeast(least, total, rate), 1e-10)
      }),
      { seed: 1 },
    )
  })
})

describe('binomialInterval()', () => {
  it('has the closed form where none or all were seen', () => {
    expect(binomialInterval(0, 100)[0]).to.equal(0)
    expect(binomialInterval(0, 100)[1]).to.be.closeTo(1 - 0.025 ** (1 / 100), 1e-12) // .0362
    expect(binomialInterval(7, 7)).to.deep.equal([binomialInterval(7, 7)[0], 1])
    expect(binomialInterval(7, 7)[0]).to.be.closeTo(0.025 ** (1 / 7), 1e-12)
    expect(binomialInterval(1, 1)[0]).to.be.closeTo(0.025, 1e-12)
  })

  it('is the one of the tables', () => {
    for (const [count, total, lower, upper] of [
      [1, 20, 0.0013, 0.2487],
      [10, 100, 0.049, 0.1762],
      [50, 100, 0.3983, 0.6017],
    ] as const) {
      const interval = binomialInterval(count, total)
      expect(interval[0]).to.be.closeTo(lower, 5e-5)
      expect(interval[1]).to.be.closeTo(upper, 5e-5)
    }
  })

  it("is Poisson's for rare events: 20 seen may stand for 12.217 to 30.888 expected", () => {
    const interval = binomialInterval(20, 100_000_000)
    expect(interval[0] * 1e8).to.be.closeTo(12.217, 1e-3)
    expect(interval[1] * 1e8).to.be.closeTo(30.888, 1e-3)
  })

  it('holds the rate that was seen, mirrors, and shrinks with the number seen', () => {
    const totals = fc.integer({ min: 1, max: 1_000_000 })
    const shares = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(totals, shares, (total, share) => {
        const count = Math.round(share * total)
        const [lower, upper] = binomialInterval(count, total)
        const mirrored = binomialInterval(total - count, total)
        expect(lower).to.be.at.most(count / total)
        expect(upper).to.be.at.least(count / total)
        expect(lower).to.be.closeTo(1 - mirrored[1], 1e-9)
        const [lowerOfMore, upperOfMore] = binomialInterval(10 * count, 10 * total)
        expect(upperOfMore - lowerOfMore).to.be.below(upper - lower)
      }),
      { seed: 1, numRuns: 50 },
    )
  })
})
