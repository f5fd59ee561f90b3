import { expect } from 'chai'
import { compareMethods, type Method, type Searches } from '../../../scripts/measure/rates.js'

// Goal: FNIR at a given FPIR, and differences on the same people. Method: ten people listed and ten not, with scores to count by hand.
const LISTED = Array.from({ length: 10 }, (_, i) => i)
const STRANGERS = Array.from({ length: 10 }, (_, i) => 10 + i)

/** Strangers score 0.1 to 1.0 at best, so that one in ten reaches 1.0; mates score as given. */
function searches(mateScores: readonly number[]): Searches {
  return {
    mated: mateScores.map((score, person) => ({ person, score })),
    nonMated: STRANGERS.map((person, i) => ({ person, score: (i + 1) / 10 })),
  }
}

describe('compareMethods()', () => {
  const strong = searches([2, 2, 2, 2, 2, 2, 2, 2, 0.95, 0.5])
  const weak = searches([2, 2, 2, 2, 2, 2, 0.5, 0.5, 0.5, 0.5])
  const methods: readonly Method[] = [
    { name: 'strong', galleries: [strong] },
    { name: 'weak', galleries: [weak] },
    { name: 'both', galleries: [strong, weak] },
    { name: 'strong again', galleries: [strong] },
  ]
  const rows = compareMethods(methods, [LISTED, STRANGERS])
  const ratesOf = (row: number) => rows[row]!.fnir.map(({ rate }) => Number(rate.toFixed(12)))

  it('chooses the least threshold with no more false positives than allowed', () => {
    // One of ten may be found at FPIR 0.1: the threshold lies just above 0.9, which 0.95 reaches. At 0.03 nobody may: above 1.0.
    expect(ratesOf(0)).to.deep.equal([0.1, 0.2, 0.2])
    expect(ratesOf(1)).to.deep.equal([0.4, 0.4, 0.4])
  })

  it('takes the mean over galleries', () => {
    expect(ratesOf(2)).to.deep.equal([0.25, 0.3, 0.3])
  })

  it('pairs the draws: a method differs from itself by nothing, whoever is drawn', () => {
    for (const { rate, lower95, upper95 } of rows[3]!.difference)
      expect([rate, lower95, upper95]).to.deep.equal([0, 0, 0])
    const [atTenth] = rows[1]!.difference
    expect(atTenth!.rate).to.be.closeTo(0.3, 1e-12)
    expect(atTenth!.lower95).to.be.at.least(0)
    expect(atTenth!.upper95).to.be.within(0.4, 0.7)
  })
})
