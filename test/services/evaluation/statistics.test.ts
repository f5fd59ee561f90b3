import { expect } from 'chai'
import fc from 'fast-check'
import {
  bestThreshold,
  crossValidatedAccuracy,
  equalErrorRate,
  thresholdAtFmr,
  trueMatchRate,
  type LabelledScore,
} from '../../../src/services/evaluation/statistics.js'

// Goal: the figures that are quoted. Method: a handful of scores, decided by hand.
const labelled = (mated: boolean, scores: readonly number[], fold = 0): LabelledScore[] =>
  scores.map((score) => ({ score, mated, fold }))

describe('bestThreshold()', () => {
  it('lies midway between the kinds where they are apart', () => {
    const scores = [...labelled(true, [0.9, 0.7]), ...labelled(false, [0.3, 0.1])]
    expect(bestThreshold(scores)).to.be.closeTo(0.5, 1e-12) // between 0.7 and 0.3
  })

  it('makes as few wrong decisions as can be where they overlap', () => {
    // At 0.55 one of six is wrong (the mated 0.2); anywhere else two or more are.
    const scores = [...labelled(true, [0.9, 0.6, 0.2]), ...labelled(false, [0.5, 0.3, 0.1])]
    expect(bestThreshold(scores)).to.be.closeTo(0.55, 1e-12)
  })

  it('never parts equal scores', () => {
    const scores = [...labelled(true, [0.8, 0.5]), ...labelled(false, [0.5, 0.5, 0.1])]
    expect(bestThreshold(scores)).to.be.closeTo(0.65, 1e-12) // 4 of 5; at 0.5 all three would match
  })

  it('matches nothing when that is best', () => {
    expect(bestThreshold([...labelled(false, [0.9, 0.8]), ...labelled(true, [0.1])])).to.equal(Infinity)
  })

  it('matches everything that has a score when all pairs are mated', () => {
    const threshold = bestThreshold(labelled(true, [0.9, 0.4, -Infinity]))
    expect(threshold).to.equal(0.4)
  })

  it('is never beaten by another threshold', () => {
    const score = fc.record({
      score: fc.double({ min: -1, max: 1, noNaN: true }),
      mated: fc.boolean(),
      fold: fc.constant(0),
    })
    const property = fc.property(fc.array(score, { minLength: 1, maxLength: 30 }), (scores) => {
      const rightAt = (t: number) => scores.filter((s) => s.score >= t === s.mated).length
      const best = rightAt(bestThreshold(scores))
      for (const t of [-2, 2, ...scores.map((s) => s.score)]) expect(best).to.be.at.least(rightAt(t))
    })
    fc.assert(property, { seed: 5, numRuns: 300 })
  })
})

describe('crossValidatedAccuracy()', () => {
  it('is 1 without spread when each fold agrees with the others', () => {
    const scores = [0, 1, 2].flatMap((fold) => [...labelled(true, [0.9], fold), ...labelled(false, [0.1], fold)])
    expect(crossValidatedAccuracy(scores, 3)).to.deep.equal({ accuracy: 1, standardError: 0 })
  })

  it('decides each fold by the others’ threshold, not by its own', () => {
    // Fold 1 would be right at 0.25. Fold 0 says 0.6: fold 1's mated 0.4 is missed. Fold 1 says 0.25: fold 0's 0.3 matches.
    const scores = [
      ...labelled(true, [0.9], 0),
      ...labelled(false, [0.3], 0),
      ...labelled(true, [0.4], 1),
      ...labelled(false, [0.1], 1),
    ]
    // Half right in each fold.
    expect(crossValidatedAccuracy(scores, 2)).to.deep.equal({ accuracy: 0.5, standardError: 0 })
  })

  it('states the standard error as the deviation over the folds / √folds', () => {
    // Two folds that agree, and one in which nobody scores: its mated pair counts as missed. 1, 1 and 0.5.
    const scores = [
      ...[0, 1].flatMap((fold) => [...labelled(true, [0.9], fold), ...labelled(false, [0.1], fold)]),
      ...labelled(true, [-Infinity], 2),
      ...labelled(false, [-Infinity], 2),
    ]
    const { accuracy, standardError } = crossValidatedAccuracy(scores, 3)
    expect(accuracy).to.be.closeTo(2.5 / 3, 1e-12)
    expect(standardError).to.be.closeTo(Math.sqrt((2 * (1 / 6) ** 2 + (1 / 3) ** 2) / 2) / Math.sqrt(3), 1e-12)
  })

  it('leaves folds out that hold no pairs', () => {
    const scores = [0, 7].flatMap((fold) => [...labelled(true, [0.9], fold), ...labelled(false, [0.1], fold)])
    expect(crossValidatedAccuracy(scores, 10).accuracy).to.equal(1)
  })
})

describe('thresholdAtFmr()', () => {
  const thousand = Array.from({ length: 1000 }, (_, i) => (1000 - i) / 1000) // 1, 0.999, … 0.001

  it('lets ⌊fmr·n⌋ scores through, and not one more', () => {
    for (const [fmr, passing] of [
      [0.1, 100],
      [0.01, 10],
      [0.001, 1],
      [0.0019, 1],
    ] as const) {
      const threshold = thresholdAtFmr(thousand, fmr)
      expect(thousand.filter((score) => score >= threshold)).to.have.length(passing)
    }
  })

  it('is the least such threshold: just above the first score that must not pass', () => {
    expect(thresholdAtFmr(thousand, 0.01))
      .to.be.greaterThan(0.99)
      .and.lessThan(0.99 + 1e-9)
  })

  it('lies above all scores where there are fewer than 1/fmr of them', () => {
    const threshold = thresholdAtFmr([0.6, 0.2, -0.1], 0.001)
    expect(threshold)
      .to.be.greaterThan(0.6)
      .and.lessThan(0.6 + 1e-9)
  })

  it('lets none of several equal scores through when not all may pass', () => {
    const tied = [0.9, 0.5, 0.5, 0.5, ...Array<number>(96).fill(0)]
    const threshold = thresholdAtFmr(tied, 0.02)
    expect(tied.filter((score) => score >= threshold)).to.have.length(1)
  })

  it('stays above scores of zero and below', () => {
    expect(thresholdAtFmr([0, 0], 0.1)).to.be.greaterThan(0)
    expect(thresholdAtFmr([-0.5], 0.1))
      .to.be.greaterThan(-0.5)
      .and.lessThan(-0.499)
  })

  it('takes typed arrays alike', () => {
    expect(thresholdAtFmr(Float64Array.from(thousand), 0.01)).to.equal(thresholdAtFmr(thousand, 0.01))
  })

  it('refuses no scores at all', () => {
    expect(() => thresholdAtFmr([], 0.1)).to.throw('a threshold needs non-mated scores')
  })
})

describe('trueMatchRate()', () => {
  it('is the share at or above the threshold', () => {
    expect(trueMatchRate([0.9, 0.5, 0.4, -Infinity], 0.5)).to.equal(0.5)
    expect(trueMatchRate([0.9], 0.95)).to.equal(0)
  })
})

describe('equalErrorRate()', () => {
  it('is where as many mated pairs are missed as non-mated ones match', () => {
    // At 5: one of four mated is below, one of four non-mated is not.
    expect(equalErrorRate([9, 8, 5, 2], [6, 3, 1, 0])).to.equal(0.25)
    expect(equalErrorRate([3, 4], [1, 2])).to.equal(0)
    expect(equalErrorRate([1, 1], [1, 1])).to.equal(0.5)
  })

  it('is the mean of both rates where they do not meet', () => {
    // At 7 one of two mated is missed and none of three matches; at 6 one of two and one of three: 5/12.
    expect(equalErrorRate([7, 4], [6, 2, 1])).to.be.closeTo(5 / 12, 1e-12)
  })

  it('counts a pair without score as missed', () => {
    // It stays missed until one of the two non-mated ones matches too.
    expect(equalErrorRate([5, -Infinity], [1, 0])).to.equal(0.5)
  })
})
