import { expect } from 'chai'
import { normalCodes } from '../../../src/engines/simulation/normal-codes.js'

// Goal: numbers that are normal, and the same again for a seed. Method: moments and shares of 400,000 of them.
const COUNT = 400_000

function drawn(seed: number): Float64Array {
  const { step, fill } = normalCodes(seed)
  const codes = new Int8Array(COUNT)
  fill(codes)
  return Float64Array.from(codes, (code) => code * step)
}

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length

describe('normalCodes()', () => {
  it('have mean 0, variance 1, no skew and the fourth moment 3', () => {
    const values = drawn(1)
    // Standard errors of the four: 0.0016, 0.0022, 0.0061, 0.0155 (√(1, 2, 15, 96)/√400,000).
    for (const [power, expected, error] of [[1, 0, 0.0016], [2, 1, 0.0022], [3, 0, 0.0061], [4, 3, 0.0155]] as const) // prettier-ignore
      expect(mean(values.map((value) => value ** power)), `moment ${power}`).to.be.closeTo(expected, 4 * error)
  })

  it('lie beyond 1.96 one time in twenty, beyond 3.09 one in five hundred', () => {
    const beyond = (limit: number) => drawn(2).filter((value) => Math.abs(value) > limit).length / COUNT
    expect(beyond(1.96)).to.be.closeTo(0.05, 0.003) // a code is 0.035 wide
    expect(beyond(3.09)).to.be.closeTo(0.002, 0.0004)
  })

  it('do not depend on each other: neighbours have no correlation', () => {
    const values = drawn(3)
    for (const lag of [1, 2, 384])
      expect(mean(values.subarray(lag).map((value, i) => value * values[i]!))).to.be.closeTo(0, 4 / Math.sqrt(COUNT))
  })

  it('are the same for a seed, and others for the next', () => {
    expect(drawn(7)).to.deep.equal(drawn(7))
    expect(drawn(7)).to.not.deep.equal(drawn(8))
  })
})
