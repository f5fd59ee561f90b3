import { expect } from 'chai'
import { prepareFinger } from '../../../src/engines/finger/features.js'
import { DESCRIPTOR_LENGTH } from '../../../src/engines/finger/model.js'
import { instantiateVoteKernel, scalarVoteKernel } from '../../../src/engines/finger/vote-kernel.js'
import { VoteScan } from '../../../src/engines/finger/vote-scan.js'
import { randomMinutiae } from '../../support/finger/fingers.js'
import { MODEL } from '../../support/finger/indexes.js'

// Goal: the SIMD kernel votes as plain loops do, and votes mean what they should. Method: both on the same rows; and votes
// again from descriptors rounded to four levels a feature, in floating point.
const finger = (seed: number, count: number) => prepareFinger(randomMinutiae(seed, count), MODEL)
const fingers = [0, 1, 2, 3, 8, 15, 16, 17, 31, 32, 33, 60, 255].map((count, n) => finger(n, count))

function votesOf(scan: VoteScan, probe: (typeof fingers)[number], slots: readonly number[]): readonly number[] {
  const votes: number[] = []
  scan.scan(probe, Int32Array.from(slots), (_, count) => votes.push(count))
  return votes
}

describe('VoteScan', () => {
  const simd = new VoteScan([])
  const scalar = new VoteScan([], scalarVoteKernel)
  for (const scan of [simd, scalar]) fingers.forEach((features, slot) => scan.set(slot, features))
  const slots = [...fingers.keys()].reverse()

  it('gives the same votes by SIMD and by plain loops, for any number of minutiae', () => {
    for (const probe of fingers) expect(votesOf(simd, probe, slots)).to.deep.equal(votesOf(scalar, probe, slots))
  })

  it('gives each finger most votes from itself', () => {
    for (const [slot, probe] of fingers.entries()) {
      if (probe.count < 8) continue
      const votes = votesOf(simd, probe, [...fingers.keys()])
      expect(votes.indexOf(Math.max(...votes))).to.equal(slot)
    }
  })

  it('sums up (cosine − 0.2)² of each probe minutia’s most similar one that points its way', () => {
    const probe = fingers[9]!
    const rows = [9, 10, 11, 12]
    votesOf(simd, probe, rows).forEach((votes, i) => {
      // A similarity is off by its byte's step: 1/72, or 0.006 on average; a vote by 1,000 · 2 · excess times that.
      expect(100 * votes).to.be.closeTo(floatVotes(probe, fingers[rows[i]!]!), 300)
    })
  })

  it('gives nothing to and for fingers without minutiae or with one', () => {
    for (const lonely of [fingers[0]!, fingers[1]!])
      expect(votesOf(simd, lonely, slots)).to.deep.equal(slots.map(() => 0))
    expect(votesOf(simd, fingers[9]!, [0, 1])).to.deep.equal([0, 0])
  })

  it('gives votes relative to what the reference gets from the cohort on average', () => {
    const cohort = fingers.slice(4, 7)
    for (const kernel of [instantiateVoteKernel, scalarVoteKernel]) {
      const relative = new VoteScan(cohort, kernel)
      relative.set(0, fingers[9]!)
      // Without a cohort votes are divided by the floor of 100.
      const plain = (probe: (typeof fingers)[number]) => 100 * votesOf(simd, probe, [9])[0]!
      const chance = (plain(cohort[0]!) + plain(cohort[1]!) + plain(cohort[2]!)) / 3
      expect(chance).to.be.greaterThan(100)
      const expected = plain(fingers[10]!) / (100 + chance)
      expect(votesOf(relative, fingers[10]!, [0])[0]).to.be.closeTo(expected, 1e-4 * expected)
    }
  })

  it('forgets what a slot held before, and grows', () => {
    const scan = new VoteScan([])
    scan.set(5_000, fingers[9]!)
    scan.set(5_000, fingers[2]!)
    expect(votesOf(scan, fingers[9]!, [5_000])).to.deep.equal(votesOf(simd, fingers[9]!, [2]))
    expect(scan.bytes).to.be.within(5_001 * 1_056, 5_001 * 1_060 + 3 * 2 ** 20)
  })

  it('goes over more slots than one piece holds', () => {
    const many = Array.from({ length: 10_000 }, (_, n) => n % fingers.length)
    const few = votesOf(simd, fingers[9]!, [...fingers.keys()])
    expect(votesOf(simd, fingers[9]!, many)).to.deep.equal(many.map((slot) => few[slot]))
  })
})

function floatVotes(probe: (typeof fingers)[number], reference: (typeof fingers)[number]): number {
  let sum = 0
  for (let i = 0; i < probe.indexedCount; i++) {
    let greatest = 0
    for (let j = 0; j < reference.indexedCount; j++) {
      const bin = Math.floor((reference.angleRad[j]! / (2 * Math.PI)) * 16)
      const turn = Math.abs(probe.angleRad[i]! - ((bin + 0.5) / 16) * 2 * Math.PI)
      if (Math.min(turn, 2 * Math.PI - turn) > Math.PI / 2) continue
      let cosine = 0
      for (let f = 0; f < DESCRIPTOR_LENGTH; f++)
        cosine +=
          probe.descriptors[i * DESCRIPTOR_LENGTH + f]! * rounded(reference.descriptors[j * DESCRIPTOR_LENGTH + f]!)
      greatest = Math.max(greatest, cosine)
    }
    sum += 1_000 * Math.max(0, greatest - 0.2) ** 2
  }
  return sum
}

/** Max's four levels of a normal distribution with deviation 1/8. */
function rounded(feature: number): number {
  return (Math.sign(feature) * (Math.abs(8 * feature) > 0.9816 ? 1.51 : 0.4528)) / 8
}
