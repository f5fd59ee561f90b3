import { expect } from 'chai'
import fc from 'fast-check'
import { errorCurve } from '../../../src/services/evaluation/error-curve.js'
import { worstToMean, type GroupRates } from '../../../src/services/evaluation/groups.js'
import { ScoreHistogram } from '../../../src/services/evaluation/histogram.js'

// Goal: what plots and the table of groups show. Method: scores counted by hand.
describe('errorCurve()', () => {
  it('gives both rates at each score, from the greatest', () => {
    // Non-mated 0.6 0.2, mated 0.9 0.5: at 0.9 nobody wrongly, half the mates missed; at 0.6 half of the strangers; at 0.5 no mate is missed.
    const points = errorCurve([0.9, 0.5], [0.6, 0.2])
    expect(points).to.deep.equal([
      { threshold: 0.9, falsePositive: 0, falseNegative: 0.5 },
      { threshold: 0.6, falsePositive: 0.5, falseNegative: 0.5 },
      { threshold: 0.5, falsePositive: 0.5, falseNegative: 0 },
      { threshold: 0.2, falsePositive: 1, falseNegative: 0 },
    ])
  })

  it('counts what has no template as missed and as no false positive, to the end', () => {
    const points = errorCurve([0.9, -Infinity], [0.1, -Infinity])
    expect(points.at(-1)).to.deep.equal({ threshold: 0.1, falsePositive: 0.5, falseNegative: 0.5 })
  })

  it('falls: more false positives, fewer misses; and stays drawable', () => {
    const scores = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 900 })
    const property = fc.property(scores, scores, (mated, nonMated) => {
      const points = errorCurve(mated, nonMated)
      expect(points.length).to.be.within(1, 401)
      points.forEach((point, i) => {
        const next = points[i + 1] ?? point
        expect(next.falsePositive).to.be.at.least(point.falsePositive)
        expect(next.falseNegative).to.be.at.most(point.falseNegative)
        expect(point.falsePositive).to.equal(nonMated.filter((s) => s >= point.threshold).length / nonMated.length)
      })
    })
    fc.assert(property, { seed: 5, numRuns: 30 })
  })
})

describe('ScoreHistogram', () => {
  it('counts into bins that hold their lower edge; what is outside into the last ones', () => {
    const histogram = new ScoreHistogram([0, 1], 4)
    for (const score of [0, 0.25, 0.3, 0.99, 1, 7, -3, -Infinity]) histogram.add(score)
    expect([...histogram.counts]).to.deep.equal([2, 2, 0, 3])
    expect(histogram.shares()[1]).to.deep.equal([0.375, 2 / 7])
  })
})

describe('worstToMean()', () => {
  const group = (name: string, rate: number | null): GroupRates => ({
    group: name,
    personCount: 10,
    falsePositive: rate === null ? null : { rate, lower95: 0, upper95: 1 },
    falseNegative: null,
  })
  const ratio = (...groups: readonly GroupRates[]) => worstToMean(groups, ({ falsePositive }) => falsePositive)

  it('is the worst over the arithmetic mean: 0.06 over (0.01 + 0.02 + 0.06) / 3 = 2', () => {
    const found = ratio(group('a', 0.01), group('b', 0.06), group('c', 0.02))
    expect(found?.worst).to.equal('b')
    expect(found?.worstToMean).to.be.closeTo(2, 1e-12)
  })

  it('is as many as there are groups when one has all errors, and 1 when all are equal', () => {
    expect(ratio(group('a', 0), group('b', 0.3), group('c', 0))?.worstToMean).to.be.closeTo(3, 1e-12)
    expect(ratio(group('a', 0.3), group('b', 0.3))?.worstToMean).to.equal(1)
  })

  it('leaves out groups without comparisons, and says nothing of one group or of no errors', () => {
    expect(ratio(group('a', 0.1), group('b', null))).to.equal(null)
    expect(ratio(group('a', 0), group('b', 0))).to.equal(null)
  })
})
