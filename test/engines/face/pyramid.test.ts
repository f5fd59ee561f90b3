import { expect } from 'chai'
import fc from 'fast-check'
import { reduce, searchSizesPx } from '../../../src/engines/face/pyramid.js'
import { anImage, checkerboard, flat, meanTone, pixelAt } from '../../support/images.js'

// Goal: the detector sees a faithful smaller image. Method: images whose means can be worked out by hand.
describe('reduce()', () => {
  it('has the wanted longer side and keeps the proportions', () => {
    const { widthPx, heightPx } = reduce(flat(1000, 500, 1), 640)
    expect([widthPx, heightPx]).to.deep.equal([640, 320])
    const upright = reduce(flat(300, 900, 1), 256)
    expect([upright.widthPx, upright.heightPx]).to.deep.equal([85, 256]) // 300 · 256 / 900 = 85.3
  })

  it('returns an image that is small enough as it is; nothing is enlarged', () => {
    const small = flat(100, 80, 50)
    expect(reduce(small, 640)).to.equal(small)
    expect(reduce(small, 100)).to.equal(small)
  })

  it('keeps a side of at least one pixel, however narrow the image is', () => {
    const { widthPx, heightPx } = reduce(flat(4096, 2, 9), 256)
    expect([widthPx, heightPx]).to.deep.equal([256, 1])
  })

  it('halves: each pixel is the mean of four', () => {
    const image = anImage(4, 2, (x, y) => [x * 40, y * 100, 8])
    const half = reduce(image, 2)
    expect(pixelAt(half, 0, 0)).to.deep.equal([20, 50, 8]) // x 0 and 1, y 0 and 1
    expect(pixelAt(half, 1, 0)).to.deep.equal([100, 50, 8]) // x 2 and 3
  })

  it('shares a pixel that lies over a border: 3 px to 2 px', () => {
    const image = anImage(3, 3, (x) => [[0, 90, 240][x] as number, 0, 0])
    const reduced = reduce(image, 2)
    expect(pixelAt(reduced, 0, 0)[0]).to.equal(30) // (0 + 90/2) / 1.5
    expect(pixelAt(reduced, 1, 0)[0]).to.equal(190) // (90/2 + 240) / 1.5
  })

  it('turns a fine checkerboard into mid-grey (no aliasing)', () => {
    for (const byte of reduce(checkerboard(64, 1), 16).pixels) expect(byte).to.be.within(127, 128)
  })

  it('keeps the mean tone within rounding, at any size', () => {
    const size = fc.integer({ min: 20, max: 90 })
    const property = fc.property(size, size, fc.integer({ min: 5, max: 60 }), (widthPx, heightPx, longerPx) => {
      const image = anImage(widthPx, heightPx, (x, y) => [(x * 37 + y * 11) % 256, (x * y) % 256, (x * 5) % 256])
      expect(meanTone(reduce(image, longerPx))).to.be.closeTo(meanTone(image), 1)
    })
    fc.assert(property, { seed: 4, numRuns: 100 })
  })
})

describe('searchSizesPx()', () => {
  it('searches small images once, large ones at up to three sizes', () => {
    expect(searchSizesPx(flat(120, 160, 0))).to.deep.equal([160])
    expect(searchSizesPx(flat(640, 480, 0))).to.deep.equal([640, 320])
    expect(searchSizesPx(flat(1920, 1080, 0))).to.deep.equal([1280, 640, 320])
  })

  it('never asks for more pixels than there are', () => {
    for (const sidePx of [16, 250, 384, 385, 640, 641, 1279, 1280, 4000])
      for (const sizePx of searchSizesPx({ widthPx: sidePx, heightPx: 16, pixels: new Uint8Array() }))
        expect(sizePx).to.be.at.most(sidePx)
  })
})
