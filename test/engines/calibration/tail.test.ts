import { expect } from 'chai'
import fc from 'fast-check'
import { fitTail, tailExceedance, tailQuantile, tailSums } from '../../../src/engines/calibration/tail.js'
import { seededRandom } from '../../../src/services/index-check/seeded.js'

// Goal: the fitted tail is the tail that the scores were drawn from. Method: distributions whose moments a reader can work out.
const ones = (count: number) => new Float64Array(count).fill(1)

describe('fitTail()', () => {
  it('finds an exponential tail from its mean and the mean of the smaller of two', () => {
    // Exponential of mean 1: E[X] = 1 and E[X(1 − F)] = 1/4, so the shape is 2 − 1/(1 − 1/2) = 0.
    const { shape, scale } = fitTail({ total: 10, first: 10, second: 25 })
    expect(shape).to.be.closeTo(0, 1e-12)
    expect(scale).to.be.closeTo(1, 1e-12)
  })

  for (const shape of [-0.3, -0.05, 0.2])
    it(`finds the shape ${shape} and the scale 0.05 of 20,000 draws`, () => {
      const random = seededRandom(7)
      const drawn = Float64Array.from({ length: 20_000 }, () => tailQuantile({ shape, scale: 0.05 }, 1 - random()))
      const found = fitTail(tailSums(drawn.sort().reverse(), ones(drawn.length)))
      expect(found.shape).to.be.closeTo(shape, 0.03)
      expect(found.scale).to.be.closeTo(0.05, 0.002)
    })

  it('takes a weight of two for two excesses', () => {
    const twice = fitTail(tailSums([3, 3, 2, 1], ones(4)))
    const weighed = fitTail(tailSums([3, 2, 1], [2, 1, 1]))
    expect(weighed.shape).to.be.closeTo(twice.shape, 1e-12)
    expect(weighed.scale).to.be.closeTo(twice.scale, 1e-12)
  })

  it('keeps the shape within ±0.5, where its mean stays that of the excesses', () => {
    const { shape, scale } = fitTail(tailSums([1, 0.75, 0.5, 0.25, 0], ones(5))) // uniform: the shape is −1
    expect(shape).to.equal(-0.5)
    expect(scale / (1 - shape)).to.be.closeTo(0.5, 1e-12)
  })
})

describe('tailExceedance() and tailQuantile()', () => {
  const tails = fc.record({
    shape: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
    scale: fc.double({ min: 0.01, max: 10, noNaN: true }),
  })

  it('are each the other one backwards', () => {
    fc.assert(
      fc.property(tails, fc.double({ min: 1e-6, max: 1, noNaN: true }), (tail, share) => {
        expect(tailExceedance(tail, tailQuantile(tail, share)) / share).to.be.closeTo(1, 1e-6)
      }),
      { seed: 1 },
    )
  })

  it('end a tail of shape −0.5 at twice its scale', () => {
    expect(tailExceedance({ shape: -0.5, scale: 1 }, 1)).to.be.closeTo(0.25, 1e-12) // (1 − 1/2)²
    expect(tailExceedance({ shape: -0.5, scale: 1 }, 2)).to.equal(0)
    expect(tailExceedance({ shape: -0.5, scale: 1 }, 3)).to.equal(0)
  })
})
