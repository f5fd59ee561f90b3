import { expect } from 'chai'
import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ThresholdWish } from '../../src/domain/threshold.js'
import { CalibrationCurve } from '../../src/engines/calibration/curve.js'
import { parseCalibration } from '../../src/engines/calibration/file.js'
import { fusion } from '../../src/engines/fusion/fusion.js'
import { faceSpace, fusedSpace, type ScoreSpace } from '../../src/services/score-space.js'
import { searchThreshold } from '../../src/services/threshold.js'
import { SyntheticAnalyser } from '../support/synthetic-analyser.js'
import { PACKAGE_ROOT } from '../support/weights.js'

// Goal: what holds for every target and every size of a search. Method: properties, over the calibration that is shipped.
describe('searchThreshold()', () => {
  const face = new SyntheticAnalyser().algorithm
  const shipped = new CalibrationCurve(
    parseCalibration(readFileSync(join(PACKAGE_ROOT, 'models', 'calibration', 'ensemble.json'))),
  )
  const finger = { algorithm: 'finger@000000000001', measuredOn: 'nobody' }
  const calibrations = { face: shipped, finger: null }
  const spaces: Readonly<Record<string, ScoreSpace>> = {
    'a face': faceSpace(face, shipped),
    'a face and a finger': fusedSpace({ face, finger, calibrations, fusion }, ['face', 'right-index']),
  }
  const target = fc.double({ min: 0.01, max: 0.99, noNaN: true })
  const count = fc.integer({ min: 0, max: 10_000 })
  const searches = fc.integer({ min: 1, max: 8 })
  const runs = { numRuns: 300, seed: 1 }

  for (const [title, space] of Object.entries(spaces)) {
    const thresholdOf = (wish: ThresholdWish, referenceCount: number, searchCount: number) =>
      searchThreshold(space, wish, { referenceCount, searchCount })
    const scoreAt = (fpir: number, referenceCount: number, searchCount: number) =>
      thresholdOf({ kind: 'target-fpir', fpir }, referenceCount, searchCount).score

    it(`never lowers the threshold for more references or faces, or a stricter target, of ${title}`, () => {
      fc.assert(
        fc.property(target, count, count, searches, searches, target, (fpir, few, more, one, several, other) => {
          const score = scoreAt(fpir, Math.min(few, more), Math.min(one, several))
          expect(scoreAt(fpir, Math.max(few, more), Math.min(one, several))).to.be.at.least(score)
          expect(scoreAt(fpir, Math.min(few, more), Math.max(one, several))).to.be.at.least(score)
          const [strict, lax] = [Math.min(fpir, other), Math.max(fpir, other)]
          expect(scoreAt(strict, few, one)).to.be.at.least(scoreAt(lax, few, one))
        }),
        runs,
      )
    })

    it(`keeps the target, and no more than that, of ${title}`, () => {
      fc.assert(
        fc.property(target, count, searches, (fpir, referenceCount, searchCount) => {
          const threshold = thresholdOf({ kind: 'target-fpir', fpir }, referenceCount, searchCount)
          const { rate = NaN, lower95 = NaN, upper95 = NaN } = threshold.fpir ?? {}
          expect(rate).to.be.at.most(fpir * (1 + 1e-9))
          if (referenceCount > 500) expect(rate).to.be.closeTo(fpir, 1e-6) // few references keep it at the curve's first score
          expect(lower95).to.be.at.most(rate)
          expect(upper95).to.be.at.least(rate).and.at.most(1)
          const own = thresholdOf({ kind: 'score', score: threshold.score }, referenceCount, searchCount)
          expect(own.fpir).to.deep.equal({ ...threshold.fpir, target: null })
        }),
        runs,
      )
    })
  }

  it('says of more references than the calibration had samples that it extrapolates', () => {
    const at = (referenceCount: number) =>
      searchThreshold(faceSpace(face, shipped), { kind: 'score', score: 0.35 }, { referenceCount, searchCount: 1 }).fpir
    expect(at(shipped.source.sampleCount)?.isExtrapolated).to.equal(false)
    expect(at(shipped.source.sampleCount + 1)?.isExtrapolated).to.equal(true)
  })
})
