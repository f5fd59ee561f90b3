import { expect } from 'chai'
import { mapQuality, type Mapping } from '../../../../src/engines/face/measures/mapping.js'

describe('mapQuality()', () => {
  const mapping: Mapping = [
    [10, 0],
    [20, 40],
    [60, 100],
  ]

  it('is the corner’s value at a corner', () => {
    expect(mapQuality(10, mapping)).to.equal(0)
    expect(mapQuality(20, mapping)).to.equal(40)
    expect(mapQuality(60, mapping)).to.equal(100)
  })

  it('is linear between two corners', () => {
    expect(mapQuality(15, mapping)).to.equal(20)
    expect(mapQuality(40, mapping)).to.equal(70)
  })

  it('is constant beyond the ends', () => {
    expect(mapQuality(-1e9, mapping)).to.equal(0)
    expect(mapQuality(Infinity, mapping)).to.equal(100)
  })

  it('maps what is not a number to the first corner', () => {
    expect(mapQuality(NaN, mapping)).to.equal(0)
  })

  it('may fall again: the best is in the middle', () => {
    const hill: Mapping = [
      [0, 0],
      [1, 100],
      [3, 0],
    ]
    expect([0.5, 1, 2, 3].map((native) => mapQuality(native, hill))).to.deep.equal([50, 100, 50, 0])
  })

  it('refuses a mapping without corners', () => {
    expect(() => mapQuality(1, [])).to.throw('a mapping needs a corner')
  })
})
