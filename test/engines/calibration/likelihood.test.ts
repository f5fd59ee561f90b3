import { expect } from 'chai'
import { fitLlr } from '../../../src/engines/calibration/likelihood.js'
import { seededRandom } from '../../../src/services/index-check/seeded.js'

// Goal: log10 of the likelihood ratio. Method: a case to count by hand, then two normal distributions, where it is known.
const weighed = (scores: readonly number[]) => {
  const sorted = Float64Array.from(scores).sort()
  return { scores: sorted, weights: new Float64Array(sorted.length).fill(1) }
}

describe('fitLlr()', () => {
  it('is bounded by what was counted: one imagined score of each class at either end', () => {
    const llr = fitLlr(weighed([3, 3, 3, 3]), weighed([1, 1]))
    expect(llr(99)).to.be.closeTo(Math.log10((4 / 4 + 1 / 4) / (1 / 2)), 1e-12)
    expect(llr(-99)).to.be.closeTo(Math.log10(1 / 4 / (2 / 2 + 1 / 2)), 1e-12)
  })

  it('is near the true one of two normal distributions, one apart: (score − 0.5) · log10(e)', () => {
    const random = seededRandom(3)
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    const llr = fitLlr(
      weighed(Array.from({ length: 20_000 }, () => 1 + normal())),
      weighed(Array.from({ length: 20_000 }, normal)),
    )
    for (const score of [-1, 0, 0.5, 1, 2]) expect(llr(score)).to.be.closeTo((score - 0.5) * Math.LOG10E, 0.1)
  })

  it('never falls, though single scores lie the wrong way round', () => {
    const llr = fitLlr(weighed([1, 4, 2, 6, 5]), weighed([0, 3, 1, 2, 5, 7]))
    const values = Array.from({ length: 90 }, (_, i) => llr(i / 10 - 0.5))
    expect(values.every((value, i) => Number.isFinite(value) && (i === 0 || value >= values[i - 1]!))).to.equal(true)
  })
})
