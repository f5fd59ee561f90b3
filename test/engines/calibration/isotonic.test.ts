import { expect } from 'chai'
import fc from 'fast-check'
import { poolAdjacentViolators } from '../../../src/engines/calibration/isotonic.js'

// Goal: the nearest rising sequence. Method: sequences that a reader can pool by hand, then any sequence.
const pooled = (values: readonly number[], weights: readonly number[] = values.map(() => 1)) =>
  poolAdjacentViolators(values, weights).flatMap(({ count, mean }) => Array<number>(count).fill(mean))

describe('poolAdjacentViolators()', () => {
  it('leaves what rises alone, and pools what falls', () => {
    expect(pooled([1, 2, 3])).to.deep.equal([1, 2, 3])
    expect(pooled([1, 3, 2, 4])).to.deep.equal([1, 2.5, 2.5, 4])
    expect(pooled([3, 2, 1])).to.deep.equal([2, 2, 2])
  })

  it('weighs', () => {
    expect(pooled([4, 1], [1, 2])).to.deep.equal([2, 2])
  })

  it('never falls, and keeps the weighted sum', () => {
    const weighed = fc.array(fc.tuple(fc.integer({ min: -100, max: 100 }), fc.integer({ min: 1, max: 9 })), {
      minLength: 1,
    })
    fc.assert(
      fc.property(weighed, (items) => {
        const [values, weights] = [items.map(([value]) => value), items.map(([, weight]) => weight)]
        const found = pooled(values, weights)
        const sum = (list: readonly number[]) => list.reduce((total, value, i) => total + value * weights[i]!, 0)
        expect(found).to.have.length(values.length)
        expect(found.every((value, i) => i === 0 || value >= found[i - 1]!)).to.equal(true)
        expect(sum(found)).to.be.closeTo(sum(values), 1e-6)
      }),
      { seed: 1 },
    )
  })
})
