import { expect } from 'chai'
import fc from 'fast-check'
import type { FingerShortlist } from '../../../src/domain/finger-shard.js'
import { chooseShortlist, SHORTLIST_MAX, shortlistSize } from '../../../src/engines/finger/shortlist.js'

const sizes: readonly [covered: number, compared: number][] = [
  [0, 0],
  [1, 1],
  [250, 250],
  [251, 200],
  [20_000, 200],
  [20_001, 201],
  [50_000, 500],
  [10_000_000, 500],
]

describe('shortlistSize', () => {
  for (const [covered, compared] of sizes)
    it(`compares ${compared} of ${covered}`, () => {
      expect(shortlistSize(covered)).to.equal(compared)
    })
})

describe('chooseShortlist', () => {
  it('chooses what one shard with everything would, however the references are spread', () => {
    const property = fc.property(
      fc.array(fc.nat(30), { minLength: 251, maxLength: 700 }),
      fc.integer({ min: 1, max: 4 }),
      (votes, shardCount) => {
        const all = votes.map((count, n) => ({ id: n + 1, count })).sort((a, b) => b.count - a.count || a.id - b.id)
        const lists = Array.from({ length: shardCount }, (_, s): FingerShortlist => {
          const held = all.filter(({ id }) => id % shardCount === s)
          const listed = held.slice(0, SHORTLIST_MAX)
          return {
            referenceIds: Float64Array.from(listed, ({ id }) => id),
            votes: Float64Array.from(listed, ({ count }) => count),
            coveredCount: held.length,
          }
        })
        const chosen = chooseShortlist(lists)
        const expected = all.slice(0, 200).map(({ id }) => id)
        chosen.forEach((ids, s) => expect([...ids]).to.deep.equal(expected.filter((id) => id % shardCount === s)))
      },
    )
    fc.assert(property, { seed: 1, numRuns: 50 })
  })
})
