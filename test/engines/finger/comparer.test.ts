import { expect } from 'chai'
import fc from 'fast-check'
import { FingerComparer } from '../../../src/engines/finger/comparer.js'
import { prepareFinger } from '../../../src/engines/finger/features.js'
import { MINUTIA_TYPES, type FingerView, type NormalisedMinutiae } from '../../../src/domain/finger.js'
import { normaliseView } from '../../../src/engines/finger/normalise.js'
import { randomFinger } from '../../../scripts/finger/finger.js'
import { randomImpression } from '../../../scripts/finger/impression.js'
import { randomFrom } from '../../../scripts/samples/random.js'
import { minutiaeOf, moved, scattered } from '../../support/finger/minutiae.js'
import { FINGER_MODEL } from '../../support/finger/model.js'

// Goal: the score behaves as its docstring says, whatever it is given. Method: synthetic impressions of the trainer's generator
// (seeds that no training uses), moved, scaled and spoilt; the shipped constants.
const comparer = new FingerComparer(FINGER_MODEL)
const compare = (a: NormalisedMinutiae, b: NormalisedMinutiae) =>
  comparer.compare(prepareFinger(a, FINGER_MODEL), prepareFinger(b, FINGER_MODEL))
const SCORE_MAX = FINGER_MODEL.calibration.score.at(-1)!

/** Two impressions of each of some fingers. */
const fingers = Array.from({ length: 8 }, (_, i) => {
  const random = randomFrom(`comparer test/${i}`)
  const finger = randomFinger(random)
  return [randomImpression(finger, random).minutiae, randomImpression(finger, random).minutiae] as const
})

/** Pixels per centimetre: 138 is 350 dpi. */
function viewAt(resolution: number, { x, y, angleRad, type, quality }: NormalisedMinutiae): FingerView {
  const tenths = (px: number) => Math.round((px * resolution * 10) / 197) / 10
  const heightPx = Math.round((700 * resolution) / 197)
  return {
    position: 'unknown',
    viewNumber: 0,
    impression: 0,
    quality: null,
    widthPx: heightPx,
    heightPx,
    resolutionXPpcm: resolution,
    resolutionYPpcm: resolution,
    minutiae: Array.from(x, (px, i) => ({
      xPx: tenths(px),
      yPx: heightPx - tenths(y[i]!),
      angleRad: angleRad[i]!,
      type: MINUTIA_TYPES[type[i]!]!,
      quality: quality[i]!,
    })),
  }
}

describe('FingerComparer#compare()', () => {
  it('tells mated from non-mated impressions', () => {
    const mated = fingers.map(([a, b]) => compare(a, b)).sort((a, b) => a - b)
    const nonMated = fingers.flatMap(([a], i) => fingers.slice(i + 1).map(([, b]) => compare(a, b)))
    expect(mated[4], 'median of the mated').to.be.greaterThan(Math.max(...nonMated))
    expect(mated[4]).to.be.greaterThan(4)
  })

  it('is greatest for an impression with itself', () => {
    for (const [a, b] of fingers) {
      const self = compare(a, a)
      expect(self).to.be.at.least(compare(a, b))
      expect(self).to.be.greaterThan(6)
    }
  })

  it('does not tell the roles apart', () => {
    for (const [a] of fingers) for (const [, b] of fingers) expect(compare(a, b)).to.equal(compare(b, a))
  })

  it('changes by less than 2 % when an impression is turned by 17° and shifted', () => {
    for (const [a, b] of fingers) {
      const score = compare(a, b)
      expect(compare(moved(a, 17, 55, -38), b)).to.be.closeTo(score, 0.02 * Math.max(1, score))
      expect(compare(a, moved(b, 0, -400, 700))).to.be.closeTo(score, 0.02 * Math.max(1, score))
    }
  })

  it('changes by less than 2 % when an impression was taken at 350 dpi', () => {
    for (const [a, b] of fingers) {
      const score = compare(a, b)
      // Places to a tenth of a pixel, as a record of 350 dpi would hold them if it could: whole pixels are 1.4 px coarse.
      const coarse = { ...a, ...normaliseView(viewAt(138, a)) }
      expect(compare(coarse, b)).to.be.closeTo(score, 0.02 * Math.max(1, score))
    }
  })

  it('gives the same score again, whatever came between', () => {
    const [[a, b], [c, d]] = fingers as unknown as typeof fingers & [(typeof fingers)[0], (typeof fingers)[0]]
    const first = compare(a, b)
    compare(c, d)
    compare(minutiaeOf(), a)
    expect(compare(a, b)).to.equal(first)
    expect(
      new FingerComparer(FINGER_MODEL).compare(prepareFinger(a, FINGER_MODEL), prepareFinger(b, FINGER_MODEL)),
    ).to.equal(first)
  })

  it('scores 0 with none or one minutia', () => {
    const [[a]] = fingers as unknown as [(typeof fingers)[0]]
    expect([
      compare(minutiaeOf(), minutiaeOf()),
      compare(minutiaeOf(), a),
      compare(a, minutiaeOf([10, 10, 0])),
    ]).to.deep.equal([0, 0, 0])
    expect(compare(minutiaeOf([10, 10, 0]), minutiaeOf([10, 10, 0]))).to.equal(0)
  })

  const hostile: readonly (readonly [string, NormalisedMinutiae])[] = [
    ['255 identical minutiae', minutiaeOf(...Array.from({ length: 255 }, () => [100, 100, 30] as const))],
    ['255 minutiae on a line', minutiaeOf(...Array.from({ length: 255 }, (_, i) => [2 * i, 50, 0] as const))],
    [
      'a regular grid',
      minutiaeOf(...Array.from({ length: 225 }, (_, i) => [20 * (i % 15), 20 * Math.floor(i / 15), 90] as const)),
    ],
    ['places far outside', minutiaeOf([1e6, 1e6, 0], [-1e6, 3, 90], [0, 1e6, 180])],
    ['255 minutiae at random', scattered('hostile', 255)],
  ]
  for (const [title, minutiae] of hostile)
    it(`stays a number from 0 to ${SCORE_MAX} for ${title}, and matches no finger`, () => {
      expect(compare(minutiae, minutiae)).to.be.within(0, SCORE_MAX)
      for (const [a] of fingers) expect(compare(minutiae, a)).to.be.within(0, 4)
    })

  it('stays in its range, symmetric, for any minutiae', () => {
    const minutia = fc.tuple(fc.nat(400), fc.nat(500), fc.nat(359), fc.nat(2), fc.nat(100))
    const any = fc.array(minutia, { maxLength: 90 }).map((list) => minutiaeOf(...list))
    fc.assert(
      fc.property(any, any, (a, b) => {
        const score = compare(a, b)
        expect(score).to.be.within(0, SCORE_MAX)
        expect(compare(b, a)).to.equal(score)
      }),
      { seed: 3, numRuns: 60 },
    )
  })
})
