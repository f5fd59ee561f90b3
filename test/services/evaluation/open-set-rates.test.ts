import { expect } from 'chai'
import fc from 'fast-check'
import {
  byTopScore,
  fnir,
  fpir,
  hitRate,
  thresholdAtFpir,
  type MatedSearch,
  type NonMatedSearch,
} from '../../../src/services/evaluation/open-set-rates.js'
import { matedSearch, nonMatedSearch } from '../../../src/services/evaluation/open-set-searches.js'

// Goal: FPIR, FNIR(N, R, T), CMC and thresholds. Method: a handful of searches, counted by hand; properties over any.
const once = new Float64Array(100).fill(1)
const nonMated = (...scores: readonly number[]): readonly NonMatedSearch[] =>
  byTopScore(scores.map((topScore, person) => ({ person, topScore })))
const mated = (...searches: readonly (readonly [score: number, rank: number])[]): readonly MatedSearch[] =>
  searches.map(([mateScore, mateRank], person) => ({ person, mateScore, mateRank }))

describe('a search', () => {
  const scores = new Map([
    [0, 0.7],
    [1, 0.9],
    [2, 0.7],
  ])

  it('ranks the mate among the people, equal scores against it', () => {
    expect(matedSearch(1, scores)).to.deep.equal({ person: 1, mateScore: 0.9, mateRank: 1 })
    expect(matedSearch(0, scores)).to.deep.equal({ person: 0, mateScore: 0.7, mateRank: 3 })
  })

  it('never finds who is not there, and knows the best of the others', () => {
    expect(matedSearch(7, scores)).to.deep.equal({ person: 7, mateScore: -Infinity, mateRank: Infinity })
    expect(nonMatedSearch(7, scores)).to.deep.equal({ person: 7, topScore: 0.9 })
    expect(nonMatedSearch(7, new Map())).to.deep.equal({ person: 7, topScore: -Infinity })
  })
})

describe('FPIR, FNIR and CMC', () => {
  const strangers = nonMated(0.9, 0.8, 0.5, 0.4, 0.3, 0.3, 0.2, 0.1, 0.1, 0)
  const mates = mated([0.95, 1], [0.7, 1], [0.6, 2], [0.4, 5], [-Infinity, Infinity])

  it('count searches at or above a threshold', () => {
    expect(fpir(strangers, 0.5, once)).to.equal(0.3)
    expect(fpir(strangers, 0.91, once)).to.equal(0)
  })

  it('choose the least threshold that keeps a rate: at 20 % just above the third score', () => {
    const threshold = thresholdAtFpir(strangers, 0.2, once)
    expect(threshold).to.be.closeTo(0.5, 1e-9).and.above(0.5)
    expect(fpir(strangers, threshold, once)).to.equal(0.2)
  })

  it('do not part equal scores: at 50 % both 0.3 are left out', () => {
    expect(fpir(strangers, thresholdAtFpir(strangers, 0.5, once), once)).to.equal(0.4)
  })

  it('count a mate as missed that is below the threshold, or not among the first R, or never found', () => {
    expect(fnir(mates, 1, 0.5, once)).to.equal(0.6) // found: 0.95 and 0.7
    expect(fnir(mates, 2, 0.5, once)).to.equal(0.4) // and 0.6
    expect(fnir(mates, 20, 0, once)).to.equal(0.2) // all but the one without a template
    expect(hitRate(mates, 1, once)).to.equal(0.4)
    expect(hitRate(mates, 4, once)).to.equal(0.6)
    expect(hitRate(mates, 20, once)).to.equal(0.8)
  })

  it('weigh people: who was drawn twice counts twice, who was not drawn not at all', () => {
    expect(fnir(mated([0.9, 1], [0.1, 1]), 1, 0.5, Float64Array.of(1, 3))).to.equal(0.75)
    expect(fpir(nonMated(0.9, 0.1), 0.5, Float64Array.of(0, 1))).to.equal(0)
    expect(fpir(nonMated(0.9), 0.5, Float64Array.of(0))).to.be.NaN
  })

  it('take a probe without a template for no false positive, at any threshold', () => {
    const failed = nonMated(-Infinity, -Infinity, 0.5)
    const threshold = thresholdAtFpir(failed, 0.4, once)
    expect(Number.isFinite(threshold)).to.equal(true)
    expect(fpir(failed, threshold, once)).to.be.closeTo(1 / 3, 1e-12)
  })

  it('keep every target on any scores, and no score lies between the threshold and a looser one that would do too', () => {
    const thousandth = fc.integer({ min: -1000, max: 1000 }).map((n) => n / 1000)
    const scores = fc.array(thousandth, { minLength: 1, maxLength: 60 })
    const property = fc.property(scores, fc.double({ min: 0.001, max: 0.5, noNaN: true }), (tops, target) => {
      const searches = nonMated(...tops)
      const threshold = thresholdAtFpir(searches, target, once)
      expect(fpir(searches, threshold, once)).to.be.at.most(target)
      const looser = Math.max(...tops.filter((score) => score < threshold), -Infinity)
      if (looser > -Infinity)
        expect(Math.round(fpir(searches, looser, once) * tops.length)).to.be.above(Math.floor(target * tops.length))
    })
    fc.assert(property, { seed: 5, numRuns: 300 })
  })

  it('fall with the rank and rise with the threshold', () => {
    const search = fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.integer({ min: 1, max: 30 }))
    const property = fc.property(
      fc.array(search, { minLength: 1, maxLength: 40 }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      (list, threshold) => {
        const searches = mated(...list)
        expect(fnir(searches, 5, threshold, once)).to.be.at.most(fnir(searches, 1, threshold, once))
        expect(fnir(searches, 5, threshold, once)).to.be.at.most(fnir(searches, 5, threshold + 0.1, once))
        expect(fnir(searches, 5, -2, once)).to.be.closeTo(1 - hitRate(searches, 5, once), 1e-12)
      },
    )
    fc.assert(property, { seed: 5, numRuns: 200 })
  })
})
