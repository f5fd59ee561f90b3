import { expect } from 'chai'
import type { FpirSpan, MonitoredCounts } from '../../../src/domain/monitor.js'
import { binomialInterval } from '../../../src/services/monitor/binomial-interval.js'
import { compareFpir } from '../../../src/services/monitor/compare-fpir.js'

/** Searches of nobody listed, each predicted to be a false positive in 1 of 100, .5 to 2 of 100. */
const ONE_IN_100: FpirSpan = { rate: 0.01, lower95: 0.005, upper95: 0.02 }

interface Outcomes {
  readonly different?: number
  readonly same?: number
  readonly inconclusive?: number
  readonly pending?: number
}

function compared(searchCount: number, outcomes: Outcomes, each: FpirSpan | null = ONE_IN_100) {
  const { different = 0, same = 0, inconclusive = 0, pending = 0 } = outcomes
  const { rate, lower95, upper95 } = each ?? { rate: 0, lower95: 0, upper95: 0 }
  const counts: MonitoredCounts = {
    algorithm: 'circle@000000000001',
    isPredicted: each !== null,
    searchCount,
    alarmCount: different + same + inconclusive + pending,
    predictedSum: { rate: rate * searchCount, lower95: lower95 * searchCount, upper95: upper95 * searchCount },
    samePersonCount: same,
    differentPeopleCount: different,
    inconclusiveCount: inconclusive,
  }
  return compareFpir(counts)
}

// Goal: what is said of predicted and observed false positives. Method: round numbers.
describe('compareFpir()', () => {
  it('gives the mean of what was predicted, and false positives among the searches that were not true alarms', () => {
    const { predicted, observed, pendingCount } = compared(1_020, { different: 10, same: 20 })
    expect(predicted?.rate).to.be.closeTo(0.01, 1e-15)
    expect(predicted?.lower95).to.be.closeTo(0.005, 1e-15)
    expect(predicted?.upper95).to.be.closeTo(0.02, 1e-15)
    const [lower95, upper95] = binomialInterval(10, 1_000)
    expect(observed).to.deep.equal({ leastRate: 0.01, mostRate: 0.01, lower95, upper95 })
    expect(pendingCount).to.equal(0)
  })

  it('takes undecided alarms once for true and once for false', () => {
    const { observed, pendingCount } = compared(1_000, { different: 4, pending: 90, inconclusive: 10 })
    expect(pendingCount).to.equal(90)
    expect(observed?.leastRate).to.equal(4 / 900) // the 100 searched for a listed person
    expect(observed?.mostRate).to.equal(104 / 1_000)
    expect(observed?.lower95).to.equal(binomialInterval(4, 900)[0])
    expect(observed?.upper95).to.equal(binomialInterval(104, 1_000)[1])
  })

  it('says as predicted where the intervals overlap and ten false positives were predicted', () => {
    expect(compared(1_000, { different: 10 }).verdict).to.equal('as-predicted')
    expect(compared(999, { different: 10 }).verdict).to.equal('too-few-searches')
    expect(compared(1_001, { different: 10, same: 2 }).verdict).to.equal('too-few-searches') // 999 of nobody listed
  })

  it('says higher where the whole interval lies above the predicted one', () => {
    // 30 of 1,000: .0203 to .0426. 29 of 1,000: .0195 to .0414.
    expect(compared(1_000, { different: 30 }).verdict).to.equal('higher-than-predicted')
    expect(compared(1_000, { different: 29 }).verdict).to.equal('as-predicted')
  })

  it('says higher of few searches too, when they are as clear as that', () => {
    expect(compared(20, { different: 4 }).verdict).to.equal('higher-than-predicted') // .057 to .437
    expect(compared(20, { different: 1 }).verdict).to.equal('too-few-searches') // .0013 to .249
  })

  it('says lower where it lies below', () => {
    expect(compared(2_000, { different: 2 }).verdict).to.equal('lower-than-predicted') // .0001 to .0036
    expect(compared(2_000, { different: 4 }).verdict).to.equal('as-predicted') // .0005 to .0051
  })

  it('says that outcomes are missing where they would decide, and only there', () => {
    expect(compared(1_000, { pending: 30 }).verdict).to.equal('too-few-outcomes') // 0 or 30 false ones
    expect(compared(1_005, { different: 10, pending: 5 }).verdict).to.equal('as-predicted') // 10 to 15
    expect(compared(1_004, { different: 10, pending: 5 }).verdict).to.equal('too-few-searches') // 999 if they are true
    expect(compared(1_000, { different: 40, pending: 100 }).verdict).to.equal('higher-than-predicted') // 40 or more
    expect(compared(1_000, { different: 10, inconclusive: 30 }).verdict).to.equal('too-few-outcomes') // 10 to 40
  })

  it('says nothing of what is not predicted', () => {
    const { predicted, observed, verdict } = compared(10, { different: 1 }, null)
    expect([predicted, verdict]).to.deep.equal([null, 'not-predicted'])
    expect(observed?.leastRate).to.equal(0.1)
  })

  it('has an answer where nothing can be seen', () => {
    const allTrue = compared(3, { same: 3 })
    expect([allTrue.observed, allTrue.verdict]).to.deep.equal([null, 'too-few-searches'])
    const undecided = compared(3, { pending: 3 }).observed
    expect(undecided).to.deep.equal({ leastRate: 0, mostRate: 1, lower95: 0, upper95: 1 })
    const emptyGallery = compared(5_000, {}, { rate: 0, lower95: 0, upper95: 0 })
    expect([emptyGallery.observed?.mostRate, emptyGallery.verdict]).to.deep.equal([0, 'too-few-searches'])
  })

  describe('where 10 false positives were predicted of 100,000 searches, exactly', () => {
    const exactly = { rate: 1e-4, lower95: 1e-4, upper95: 1e-4 }

    /** The chance of a verdict when so many are to be expected: Poisson's chances of each number seen. */
    function chanceOf(verdict: string, expectedCount: number): number {
      let [chance, sum] = [Math.exp(-expectedCount), 0]
      for (let seen = 0; seen <= 80; seen++) {
        if (compared(100_000, { different: seen }, exactly).verdict === verdict) sum += chance
        chance *= expectedCount / (seen + 1)
      }
      return sum
    }

    it('tells twice the rate in 7 cases of 10, and three times it nearly always', () => {
      expect(chanceOf('higher-than-predicted', 20)).to.be.closeTo(0.7, 0.05)
      expect(chanceOf('higher-than-predicted', 30)).to.be.above(0.99)
    })

    it('says as predicted, when they are, at least 95 times of 100', () => {
      expect(chanceOf('as-predicted', 10)).to.be.within(0.95, 1)
      expect(chanceOf('higher-than-predicted', 10)).to.be.below(0.025)
    })
  })
})
