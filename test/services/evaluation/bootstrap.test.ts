import { expect } from 'chai'
import { bootstrapRates, type PersonWeights } from '../../../src/services/evaluation/bootstrap.js'

// Goal: intervals over people. Method: people whose shares are known, against the binomial distribution, which says what drawing gives.
const people = (count: number) => Array.from({ length: count }, (_, person) => person)
const shareOf = (wrong: ReadonlySet<number>) => (weights: PersonWeights) => {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return [[...wrong].reduce((sum, person) => sum + weights[person]!, 0) / total]
}

describe('bootstrapRates()', () => {
  it('gives the sample’s own rate, and about ± 1.96 standard errors of a binomial around it', () => {
    const plan = { seed: 1, personCount: 100, strata: [people(100)] }
    const [measured] = bootstrapRates(plan, shareOf(new Set(people(50))))
    expect(measured?.rate).to.equal(0.5)
    expect(measured?.lower95).to.be.closeTo(0.5 - 0.098, 0.02) // 1.96 · √(0.25 / 100)
    expect(measured?.upper95).to.be.closeTo(0.5 + 0.098, 0.02)
  })

  it('widens with images of fewer people: a hundred images of four people say what four people say', () => {
    const images = people(100).map((image) => image % 4) // whose each is
    const wrong = (weights: PersonWeights) => {
      const total = images.reduce((sum, person) => sum + weights[person]!, 0)
      return [images.filter((person) => person < 2).reduce((sum, person) => sum + weights[person]!, 0) / total]
    }
    const [measured] = bootstrapRates({ seed: 1, personCount: 4, strata: [people(4)] }, wrong)
    expect(measured?.lower95).to.equal(0) // none of the two drawn: 1 in 16 of all draws
    expect(measured?.upper95).to.equal(1)
  })

  it('bounds what was never seen: no error of 10 people may be up to 1 − 0.025^(1/10) = 30.8 %', () => {
    const plan = { seed: 1, personCount: 10, strata: [people(10)] }
    const [never] = bootstrapRates(plan, shareOf(new Set()))
    expect(never?.lower95).to.equal(0)
    expect(never?.upper95).to.be.closeTo(0.3085, 1e-4)
    const [always] = bootstrapRates(plan, shareOf(new Set(people(10))))
    expect(always?.lower95).to.be.closeTo(0.6915, 1e-4)
    expect(always?.upper95).to.equal(1)
  })

  it('draws each stratum as often as it has people, and gives the same for the same seed', () => {
    const plan = {
      seed: 7,
      personCount: 5,
      strata: [
        [0, 1],
        [2, 3, 4],
      ],
    }
    const sums: (readonly [number, number])[] = []
    const statistic = (weights: PersonWeights) => {
      sums.push([weights[0]! + weights[1]!, weights[2]! + weights[3]! + weights[4]!])
      return [weights[0]! / 2]
    }
    const first = bootstrapRates(plan, statistic)
    expect(new Set(sums.map(String))).to.deep.equal(new Set(['2,3']))
    expect(bootstrapRates(plan, statistic)).to.deep.equal(first)
  })

  it('leaves out draws that give no rate', () => {
    const plan = { seed: 1, personCount: 2, strata: [[0, 1]] }
    const [measured] = bootstrapRates(plan, (weights) => [weights[0] === 0 ? NaN : 0.25])
    expect(measured).to.deep.equal({ rate: 0.25, lower95: 0.25, upper95: 0.25 })
  })
})
