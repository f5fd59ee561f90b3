import { expect } from 'chai'
import fc from 'fast-check'
import { probeShapes } from '../../../src/engines/calibration/alikeness.js'
import { fpirAtMost, fpirOf, galleryFactor } from '../../../src/engines/calibration/fpir.js'
import { oneSampleEach, randomPeople, reaching } from './support/compared.js'

// Goal: from the rate of one comparison to the rate of a search, with probes that differ. Method: numbers to check by hand.
describe('fpirOf()', () => {
  it('is 1 − (1 + N·FMR/shape)^−shape', () => {
    expect(fpirOf(0.001, 1, 1000)).to.be.closeTo(0.5, 1e-12) // 1 − 1/2
    expect(fpirOf(0.001, 0.5, 1500)).to.be.closeTo(0.5, 1e-12) // 1 − 1/√4
    expect(fpirOf(0.001, 1, 0)).to.equal(0)
  })

  it('is the independent case for probes that are all alike', () => {
    expect(fpirOf(1e-4, 1000, 1000)).to.be.closeTo(1 - (1 - 1e-4) ** 1000, 1e-5)
    expect(fpirAtMost(1e-4, 1000)).to.be.closeTo(1 - (1 - 1e-4) ** 1000, 1e-12)
  })

  it('is never more than for probes that are all alike, and grows with the gallery', () => {
    const rates = fc.double({ min: 1e-9, max: 0.5, noNaN: true })
    const shapes = fc.double({ min: 1e-3, max: 1000, noNaN: true })
    fc.assert(
      fc.property(rates, shapes, fc.integer({ min: 1, max: 1_000_000 }), (fmr, shape, count) => {
        expect(fpirOf(fmr, shape, count)).to.be.at.most(fpirAtMost(fmr, count) + 1e-12)
        expect(fpirOf(fmr, shape, count + 1)).to.be.at.least(fpirOf(fmr, shape, count))
      }),
      { seed: 1 },
    )
  })
})

describe('galleryFactor()', () => {
  it('holds the curve and the next people alike, and how few the gallery holds', () => {
    expect(galleryFactor(Math.exp(0.3), 1, 1e12)).to.be.closeTo(Math.exp(0.3 * Math.SQRT2), 1e-5)
    expect(galleryFactor(1, 4, 100)).to.be.closeTo(Math.exp(1.96 / 20), 1e-12)
  })
})

describe('probeShapes()', () => {
  it('finds by moments how much probes differ', () => {
    // One resembles all four others: rates 1, ¼, ¼, ¼, ¼, mean 0.4. Two people are reached by that one only: mean square 1/5.
    // 1 + 1/shape = 0.2 / 0.4² = 1.25.
    const [star] = probeShapes(reaching(5, [[0, 1], [0, 2], [0, 3], [0, 4]]), [1]) // prettier-ignore
    expect(star).to.be.closeTo(4, 1e-6)
  })

  it('calls probes alike where nobody is reached by two: chance alone would give as much', () => {
    expect(probeShapes(reaching(6, [[0, 1], [2, 3], [4, 5]]), [1])).to.deep.equal([1000]) // prettier-ignore
  })

  it('does not take two photographs of one person for two people', async () => {
    const two = await randomPeople({ personCount: 150, samplesEach: 2, dimensions: 16, noise: 0, seed: 5 })
    const one = oneSampleEach(two)
    expect([two.persons.length, one.persons.length]).to.deep.equal([300, 150])
    expect([two.nonMated.scores.length, one.nonMated.scores.length]).to.deep.equal([300 * 149, 150 * 149 / 2]) // prettier-ignore
    const scores = [0.3, 0.5]
    const [a, b] = [probeShapes(one, scores), probeShapes(two, scores)]
    a.forEach((shape, i) => expect(b[i]! / shape).to.be.closeTo(1, 1e-3))
  })

  it('never rises with the score', async () => {
    const compared = await randomPeople({ personCount: 100, samplesEach: 2, dimensions: 12, noise: 0.3, seed: 6 })
    const shapes = probeShapes(compared, [-0.5, 0, 0.2, 0.4, 0.6, 0.7, 0.8])
    expect(shapes.every((shape, i) => i === 0 || shape <= shapes[i - 1]!)).to.equal(true)
  })
})
