import { expect } from 'chai'
import { measureVerification, type KnownComparison } from '../../../src/services/evaluation/verification-measures.js'

// Goal: the figures of labelled pairs. Method: ten people of two groups, scores counted by hand.
const FRAME = { scoreRange: [0, 1], seed: 1, calibration: null, nonMated: null } as const

/** Everybody with himself: 0.9, the last two 0.3; every two people of a group: 0.1, and 0 and 1 with 0.5. */
function pairs(): readonly KnownComparison[] {
  const group = (person: number) => (person < 5 ? 'low' : 'high')
  const list: KnownComparison[] = []
  for (let a = 0; a < 10; a++) {
    const own = { mated: true, probePerson: a, referencePerson: a, group: group(a) }
    list.push({ ...own, score: a < 8 ? 0.9 : 0.3 })
    for (let b = a + 1; b < 10; b++) {
      const shared = group(a) === group(b) ? group(a) : null
      list.push({ mated: false, probePerson: a, referencePerson: b, score: a + b === 1 ? 0.5 : 0.1, group: shared })
    }
  }
  return list
}

describe('measureVerification()', () => {
  it('gives FNMR at the FMR that the 45 non-mated pairs support', () => {
    const { fmrPoints, personCount, eer } = measureVerification(pairs(), FRAME)
    expect(personCount).to.equal(10)
    expect(fmrPoints.map(({ targetFmr, support }) => [targetFmr, support])).to.deep.equal([[0.1, 'few']])
    expect(fmrPoints[0]?.threshold).to.be.closeTo(0.1, 1e-9) // 4 may lie above; 0.1 is the fifth
    expect(fmrPoints[0]?.fnmr.rate).to.equal(0)
    expect(eer).to.be.closeTo((0 + 1 / 45) / 2, 1e-12) // at 0.3: no mate missed, one pair of 45 matches
  })

  it('gives rates by group at the threshold of all: FMR within, FNMR, and the worst over the mean', () => {
    const shifted = pairs().map((pair) => (pair.mated ? pair : { ...pair, score: pair.score + 0.3 }))
    const { groups } = measureVerification(shifted, FRAME)
    expect(groups?.threshold).to.be.closeTo(0.4, 1e-9)
    const [high, low] = groups?.groups ?? []
    expect([high?.group, high?.personCount, low?.group]).to.deep.equal(['high', 5, 'low'])
    expect(high?.falseNegative?.rate).to.equal(0.4) // two of five
    expect(low?.falseNegative?.rate).to.equal(0)
    expect(low?.falsePositive?.rate).to.equal(0.1) // one of the ten pairs among five people
    expect(high?.falsePositive?.rate).to.equal(0)
    expect(groups?.fnmrRatio).to.deep.equal({ worst: 'high', worstToMean: 2 })
    expect(groups?.fmrRatio).to.deep.equal({ worst: 'low', worstToMean: 2 })
  })

  it('draws people: the interval of two missed of ten is wide', () => {
    const shifted = pairs().map((pair) => (pair.mated ? pair : { ...pair, score: pair.score + 0.3 }))
    const { fnmr } = measureVerification(shifted, FRAME).fmrPoints[0]!
    expect(fnmr.rate).to.equal(0.2)
    expect(fnmr.lower95).to.equal(0) // 0.8^10 = 11 % of all draws hold neither
    expect(fnmr.upper95).to.be.within(0.4, 0.6)
  })
})
