import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { smallPrintScores } from '../../../scripts/finger/measure/small-prints.js'
import { scoreAtSize } from '../../../src/engines/finger/calibration.js'
import { parseFingerModel } from '../../../src/engines/finger/model-file.js'
import { PACKAGE_ROOT } from '../../support/weights.js'

// Goal: a score means its error rate for small prints too. Method: patches of synthetic fingers, all of different fingers.
describe('Scores of small prints', () => {
  const model = parseFingerModel(readFileSync(join(PACKAGE_ROOT, 'models', 'finger', 'minutiae-v1.json')))

  for (const minutiaeCount of [8, 12, 16])
    it(`with ${minutiaeCount} minutiae reach 2 in no more than 2 % of the comparisons, and 3 in 0.4 %`, () => {
      const scores = smallPrintScores(minutiaeCount, 160, model)
      const shareAt = (score: number) => scores.filter((value) => value >= score).length / scores.length
      expect(scores).to.have.length.greaterThan(10_000)
      expect(shareAt(2)).to.be.at.most(0.02)
      expect(shareAt(3)).to.be.at.most(0.004)
    })

  it('are worth a share of the score up to 18 minutiae, and all of it beyond', () => {
    expect([0, 9, 18, 60].map((count) => scoreAtSize(4, count))).to.deep.equal([0, 2, 4, 4])
  })
})
