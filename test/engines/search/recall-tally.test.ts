import { expect } from 'chai'
import { RecallTally, upper95 } from '../../../src/engines/search/recall-tally.js'

// Goal: the recall that is reported is no better than what was measured. Method: numbers from textbooks.
describe('RecallTally', () => {
  it('claims nothing before anything was checked', () => {
    expect(new RecallTally().audit).to.deep.equal({ checkedCount: 0, missedCount: 0, missRateUpper95: 1 })
  })

  it('adds up what was checked and what was missed', () => {
    const tally = new RecallTally()
    tally.record(10, 0)
    tally.record(0, 0)
    tally.record(90, 10)
    const { checkedCount, missedCount, missRateUpper95 } = tally.audit
    expect([checkedCount, missedCount]).to.deep.equal([100, 10])
    expect(missRateUpper95).to.be.closeTo(0.1744, 1e-4) // Wilson, 10 of 100
  })

  it('follows the rule of three when nothing was missed', () => {
    expect(upper95(0, 3000)).to.be.closeTo(0.001, 1e-12)
    expect(upper95(0, 1)).to.equal(1)
  })

  it('stays between the share and 1', () => {
    for (const [m, n] of [
      [1, 1],
      [5, 5],
      [1, 2],
      [1, 1_000_000],
      [999, 1000],
    ] as const)
      expect(upper95(m, n), `${m} of ${n}`).to.be.within(m / n, 1)
  })
})
