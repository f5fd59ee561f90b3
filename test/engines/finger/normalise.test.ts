import { expect } from 'chai'
import fc from 'fast-check'
import type { FingerView, RecordMinutia } from '../../../src/domain/finger.js'
import { NORMAL_PPCM, normaliseView } from '../../../src/engines/finger/normalise.js'
import { MINUTIAE, VIEW } from '../../support/finger/own-records.js'

const [ENDING, BIFURCATION] = MINUTIAE
const degrees = (rad: number) => (rad * 180) / Math.PI
const viewOf = (minutiae: readonly RecordMinutia[], change: Partial<FingerView> = {}): FingerView => {
  return { ...VIEW, ...change, minutiae }
}

// Goal: minutiae of any record in one convention. Method: an image of 400 × 500 px with a minutia at (100, 50).
describe('normaliseView()', () => {
  it('turns y up from the bottom edge and keeps the direction', () => {
    const { x, y, angleRad, type, quality } = normaliseView(VIEW)
    expect([...x]).to.deep.equal([100, 101])
    expect([...y]).to.deep.equal([450, 449])
    expect([...angleRad].map(degrees).map(Math.round)).to.deep.equal([90, 270])
    expect([...type]).to.deep.equal([1, 2]) // ending, bifurcation
    expect([...quality]).to.deep.equal([90, 0])
  })

  it('scales to 197 pixels per cm: 394 halves, 98.5 would double', () => {
    const { x, y } = normaliseView(viewOf([ENDING], { resolutionXPpcm: 394, resolutionYPpcm: 394 }))
    expect([x[0], y[0]]).to.deep.equal([50, 225])
  })

  it('squares pixels that are not square, and turns directions with them', () => {
    // Halving x alone: a direction of 45° rises by 1 over ½, and atan 2 is 63.43°; of 135° it is 116.57°.
    const at = (angleDeg: number) => ({ ...ENDING, angleRad: (angleDeg * Math.PI) / 180 })
    const view = viewOf([at(45), at(135), at(225), at(0), at(90)], { resolutionXPpcm: 394 })
    const { x, y, angleRad } = normaliseView(view)
    expect([x[0], y[0]]).to.deep.equal([50, 450])
    const expected = [63.435, 116.565, 243.435, 0, 90]
    for (const [i, angleDeg] of expected.entries()) expect(degrees(angleRad[i]!)).to.be.closeTo(angleDeg, 1e-3)
  })

  it('puts the best first, in the record’s order where quality ties, and those without quality last', () => {
    const of = (xPx: number, quality: number | null) => ({ ...ENDING, xPx, quality })
    const { x, quality } = normaliseView(viewOf([of(1, 20), of(2, null), of(3, 90), of(4, 20), of(5, null)]))
    expect([...x]).to.deep.equal([3, 1, 4, 2, 5])
    expect([...quality]).to.deep.equal([90, 20, 20, 0, 0])
  })

  it('drops exact duplicates and keeps the better one; another direction or type is no duplicate', () => {
    const copies = [
      { ...ENDING, quality: 10 },
      ENDING,
      { ...ENDING, angleRad: 0 },
      { ...BIFURCATION, xPx: 100, yPx: 50 },
    ]
    const { quality, type } = normaliseView(viewOf(copies))
    expect([...quality]).to.deep.equal([90, 90, 0])
    expect([...type]).to.deep.equal([1, 1, 2])
  })

  it('gives empty arrays for a view without minutiae', () => {
    expect(normaliseView(viewOf([])).x).to.have.length(0)
  })

  it('does not care at which resolution a finger was recorded', () => {
    // The same print at 500 and at 1000 dpi: positions and directions agree, whatever they are.
    const minutia = fc.record({
      xPx: fc.integer({ min: 0, max: 399 }),
      yPx: fc.integer({ min: 0, max: 499 }),
      angleRad: fc.integer({ min: 0, max: 255 }).map((code) => code * (Math.PI / 128)),
      type: fc.constantFrom('ending' as const, 'bifurcation' as const),
      quality: fc.option(fc.integer({ min: 1, max: 100 })),
    })
    fc.assert(
      fc.property(fc.array(minutia, { maxLength: 60 }), (minutiae) => {
        const fine = minutiae.map((each) => ({ ...each, xPx: 2 * each.xPx, yPx: 2 * each.yPx }))
        const ppcm = 2 * NORMAL_PPCM
        const size = { widthPx: 800, heightPx: 1000, resolutionXPpcm: ppcm, resolutionYPpcm: ppcm }
        expect(normaliseView(viewOf(fine, size))).to.deep.equal(normaliseView(viewOf(minutiae)))
      }),
      { seed: 5, numRuns: 100 },
    )
  })

  it('keeps directions below a full turn, also after rounding to float32', () => {
    const almost = 2 * Math.PI - 1e-12
    for (const change of [{}, { resolutionXPpcm: 394 }]) {
      const { angleRad } = normaliseView(viewOf([{ ...ENDING, angleRad: almost }], change))
      expect(angleRad[0])
        .to.be.within(0, 2 * Math.PI)
        .and.be.lessThan(2 * Math.PI)
    }
  })
})
