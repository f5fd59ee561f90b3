import { expect } from 'chai'
import fc from 'fast-check'
import { mirrored, warp } from '../../../src/engines/face/warp.js'
import { anImage, checkerboard, flat, pixelAt } from '../../support/images.js'

// Goal: crops show what stands in the image, at the right place. Method: images whose pixels name their own position.
const position = anImage(16, 12, (x, y) => [10 * x, 10 * y, 7])

describe('warp()', () => {
  it('copies the image under the identity', () => {
    expect(warp(position, { a: 1, b: 0, tx: 0, ty: 0 }, 16, 12)).to.deep.equal(position)
  })

  it('shifts: target (0, 0) shows source (3, 2)', () => {
    const crop = warp(position, { a: 1, b: 0, tx: 3, ty: 2 }, 4, 4)
    expect(pixelAt(crop, 0, 0)).to.deep.equal([30, 20, 7])
    expect(pixelAt(crop, 3, 1)).to.deep.equal([60, 30, 7])
  })

  it('is halfway between two pixels where it falls between them', () => {
    const crop = warp(position, { a: 1, b: 0, tx: 2.5, ty: 3.25 }, 2, 2)
    expect(pixelAt(crop, 0, 0)).to.deep.equal([25, 33, 7]) // 32.5 rounds up
  })

  it('turns by 90 degrees: what stood to the right stands above', () => {
    // target (x, y) shows source (11 − y, x)
    const crop = warp(position, { a: 0, b: 1, tx: 11, ty: 0 }, 12, 12)
    expect(pixelAt(crop, 4, 1)).to.deep.equal([100, 40, 7])
    expect(pixelAt(crop, 0, 11)).to.deep.equal([0, 0, 7])
  })

  it('is black outside the image, and fades over its last half pixel', () => {
    const white = flat(4, 4, 255)
    const crop = warp(white, { a: 1, b: 0, tx: -2, ty: 0 }, 8, 4)
    const row = Array.from({ length: 8 }, (_, x) => pixelAt(crop, x, 1)[0])
    expect(row).to.deep.equal([0, 0, 255, 255, 255, 255, 0, 0])
    const half = warp(white, { a: 1, b: 0, tx: -0.5, ty: 0 }, 5, 4)
    expect(pixelAt(half, 0, 1)[0]).to.equal(128)
    expect(pixelAt(half, 4, 1)[0]).to.equal(128)
  })

  it('fades alike at all four sides and corners', () => {
    const white = flat(4, 4, 200)
    const crop = warp(white, { a: 1, b: 0, tx: -0.5, ty: -0.5 }, 5, 5)
    for (const [x, y] of [
      [2, 0],
      [0, 2],
      [4, 2],
      [2, 4],
    ] as const)
      expect(pixelAt(crop, x, y)[0]).to.equal(100)
    for (const [x, y] of [
      [0, 0],
      [4, 0],
      [0, 4],
      [4, 4],
    ] as const)
      expect(pixelAt(crop, x, y)[0]).to.equal(50)
    expect(pixelAt(crop, 2, 2)[0]).to.equal(200)
  })

  it('reduces a fine checkerboard to mid-grey instead of a coarse one (no aliasing)', () => {
    const crop = warp(checkerboard(96, 1), { a: 6, b: 0, tx: 2.5, ty: 2.5 }, 16, 16)
    for (const byte of crop.pixels) expect(byte).to.be.within(126, 129)
  })

  it('shows a flat image flat under any transform that stays inside it', () => {
    const grey = flat(200, 200, 90)
    const property = fc.property(
      fc.double({ min: 0.1, max: 6, noNaN: true }),
      fc.double({ min: -3.2, max: 3.2, noNaN: true }),
      (scale, angleRad) => {
        const [a, b] = [scale * Math.cos(angleRad), scale * Math.sin(angleRad)]
        const middle = 7.5 // of the 16 px crop, which goes to (100, 100)
        const crop = warp(grey, { a, b, tx: 100 - a * middle + b * middle, ty: 100 - b * middle - a * middle }, 16, 16)
        expect(Math.min(...crop.pixels)).to.equal(90)
        expect(Math.max(...crop.pixels)).to.equal(90)
      },
    )
    fc.assert(property, { seed: 3, numRuns: 200 })
  })
})

describe('mirrored()', () => {
  it('exchanges left and right', () => {
    const image = mirrored(position)
    expect(pixelAt(image, 0, 5)).to.deep.equal(pixelAt(position, 15, 5))
    expect(pixelAt(image, 4, 0)).to.deep.equal(pixelAt(position, 11, 0))
  })

  it('gives the image back when done twice, for even and odd widths', () => {
    expect(mirrored(mirrored(position))).to.deep.equal(position)
    const odd = anImage(5, 3, (x, y) => [x, y, 40 * x])
    expect(mirrored(mirrored(odd))).to.deep.equal(odd)
    expect(mirrored(odd)).to.not.deep.equal(odd)
  })
})
