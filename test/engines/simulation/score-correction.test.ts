import { expect } from 'chai'
import { ScoreCorrection, type UpperScores } from '../../../src/engines/simulation/score-correction.js'

// Goal: a rising map under which drawn scores are as frequent as real ones. Method: exponential scores, whose quantiles are known:
// a share q exceeds −scale · ln q.
const COUNT = 1_000_000

function exponential(scale: number, tailShare: number): UpperScores {
  const scores = Float64Array.from({ length: COUNT / 10 }, (_, i) => -scale * Math.log((i + 0.5) / COUNT))
  return { scores, totalCount: COUNT, tailShare }
}

describe('ScoreCorrection', () => {
  const correction = new ScoreCorrection(exponential(0.02, 1e-3), exponential(0.04, 1e-2))

  it('finds that real scores are twice the drawn ones, counted and along the tails', () => {
    for (const rate of [1e-2, 1e-4, 1e-6, 1e-8]) {
      const drawn = -0.02 * Math.log(rate)
      expect(correction.toReal(drawn)).to.be.closeTo(2 * drawn, 0.01 * drawn)
    }
  })

  it('has an inverse', () => {
    for (const score of [-0.5, 0, 0.1, 0.2, 0.4, 0.7, 0.95])
      expect(correction.toReal(correction.toDrawn(score))).to.be.closeTo(score, 1e-12)
    expect(correction.toDrawn(-Infinity)).to.equal(-Infinity)
  })

  it('rises everywhere, and ends at a cosine of 1', () => {
    const mapped = Array.from({ length: 100 }, (_, i) => correction.toReal(i / 100))
    mapped.forEach((score, i) => expect(score).to.be.at.least(mapped[i - 1] ?? -1))
    expect(correction.toReal(0.9)).to.equal(1)
  })

  it('shifts what is more frequent than one in thirty alike', () => {
    const shift = correction.toReal(0) - 0
    expect(correction.toReal(-0.3) - -0.3).to.be.closeTo(shift, 1e-12)
  })
})
