import { expect } from 'chai'
import { Matrix } from 'ml-matrix'
import { knots } from '../../../scripts/finger/calibrate.js'
import { randomDistortion, turnAt } from '../../../scripts/finger/distortion.js'
import { randomFinger } from '../../../scripts/finger/finger.js'
import { randomImpression } from '../../../scripts/finger/impression.js'
import { discriminants } from '../../../scripts/finger/lda.js'
import { fitLogistic } from '../../../scripts/finger/logistic.js'
import { randomField } from '../../../scripts/finger/orientation-field.js'
import { Scatter } from '../../../scripts/finger/scatter.js'
import { trainProjection } from '../../../scripts/finger/train-projection.js'
import { randomFrom } from '../../../scripts/samples/random.js'

// Goal: the trainer's parts compute what they are named for, and the same for a seed. Method: cases small enough for paper; the
// whole run is compared by its sha256 (models/finger/README.md).
describe('The synthetic fingers', () => {
  it('are the same for a seed, and others for another', () => {
    const impression = (seed: string) => {
      const random = randomFrom(seed)
      return randomImpression(randomFinger(random), random)
    }
    expect(impression('a')).to.deep.equal(impression('a'))
    expect(impression('a').minutiae.x).not.to.deep.equal(impression('b').minutiae.x)
  })

  it('show 15 to 110 minutiae, a few of which are none', () => {
    for (let i = 0; i < 30; i++) {
      const random = randomFrom(`size/${i}`)
      const { minutiae, skinIndexes } = randomImpression(randomFinger(random), random)
      expect(minutiae.x.length).to.be.within(5, 130)
      const spurious = skinIndexes.filter((index) => index < 0).length / skinIndexes.length
      expect(spurious).to.be.within(0, 0.5)
    }
  })

  it('keep their minutiae apart and along the ridges', () => {
    const { field, minutiae } = randomFinger(randomFrom('apart'))
    for (const [i, a] of minutiae.entries()) {
      for (const b of minutiae.slice(i + 1)) expect(Math.hypot(a.x - b.x, a.y - b.y)).to.be.at.least(8)
      // 0.06 rad of deviation, cut at 2.5 deviations.
      expect(Math.abs(Math.sin(a.angleRad - field.at(a)))).to.be.at.most(0.151)
    }
  })

  it('turn by half a turn on the way around a core', () => {
    for (let i = 0; i < 20; i++) {
      const field = randomField(randomFrom(`field/${i}`))
      for (const core of field.cores) {
        let turned = 0
        for (let step = 0; step < 360; step++) {
          const place = (degrees: number) => ({
            x: core.x + Math.cos((degrees * Math.PI) / 180),
            y: core.y + Math.sin((degrees * Math.PI) / 180),
          })
          const change = field.at(place(step + 1)) - field.at(place(step))
          turned += change - Math.PI * Math.round(change / Math.PI)
        }
        expect(turned).to.be.closeTo(Math.PI, 1e-6)
      }
    }
  })

  it('are dragged smoothly', () => {
    const distortion = randomDistortion(randomFrom('drag'), 1)
    for (let x = -150; x < 150; x += 10) {
      const [a, b] = [distortion({ x, y: 20 }), distortion({ x: x + 1, y: 20 })]
      expect(Math.hypot(b.x - a.x - 1, b.y - a.y)).to.be.below(0.5)
      expect(Math.abs(turnAt(distortion, { x, y: 20 }, 0))).to.be.below(0.6)
    }
  })
})

describe('The linear algebra', () => {
  it('adds up outer products', () => {
    const scatter = new Scatter(2)
    scatter.add(Float64Array.of(1, 2))
    scatter.add(Float64Array.of(3, -1))
    expect(scatter.toRows(0.5)).to.deep.equal([
      [5, -0.5],
      [-0.5, 2.5],
    ])
  })

  it('finds the direction in which classes differ for their spread', () => {
    // Between: 4 in x, 1 in y. Within: 4 in x, 0.25 in y. Ratios 1 and 4: y tells more apart.
    const total = new Matrix([
      [8, 0],
      [0, 1.25],
    ])
    const within = new Matrix([
      [4, 0],
      [0, 0.25],
    ])
    const [x, y] = discriminants(total, within, 1).to1DArray()
    expect(Math.abs(x!)).to.be.below(1e-9)
    expect(y).to.be.greaterThan(1)
  })

  it('fits log-odds', () => {
    // Both kinds weigh the same. 3 of 4 mated rows and 1 of 4 non-mated ones hold a 1: log-odds +ln 3 for a 1, −ln 3 for a 0.
    const rows = (...values: number[]) => values.map((value) => Float64Array.of(value))
    const { bias, weights } = fitLogistic(rows(1, 1, 1, 0), rows(0, 0, 0, 1))
    expect(bias).to.be.closeTo(-Math.log(3), 2e-2)
    expect(weights[0]).to.be.closeTo(2 * Math.log(3), 4e-2)
  })

  it('trains the same projection for a seed', function () {
    this.timeout(60_000)
    const projection = trainProjection('test', 12)
    expect(projection).to.deep.equal(trainProjection('test', 12))
    expect(Math.max(...projection.map(Math.abs))).to.equal(1)
    expect(projection.every(Number.isFinite)).to.equal(true)
  })
})

describe('The calibration', () => {
  it('has a knot every quarter of a decade that 20 comparisons support, less half a decade, and one at 12 on the line', () => {
    // Log-odds whose share of greater ones falls by ten for each 5: score = log-odds / 5.
    const count = 20_000
    const descending = Float64Array.from({ length: count }, (_, i) => 5 * Math.log10(count / (i + 1)))
    const { logOdds, score } = knots(descending)
    expect([...score]).to.deep.equal([0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.25, 2.5, 12])
    expect(logOdds[2], 'claims 0.5, is 1').to.be.closeTo(5, 1e-2)
    expect(logOdds.at(-1), 'claims 12, is 12.5').to.be.closeTo(62.5, 0.5)
  })

  it('counts pairs with nothing alike, and begins at the least log-odds', () => {
    const descending = Float64Array.from({ length: 4000 }, (_, i) =>
      i < 2000 ? 5 * Math.log10(4000 / (i + 1)) : -Infinity,
    )
    const { logOdds, score } = knots(descending)
    expect([score[0], logOdds[0]]).to.deep.equal([0, 1.5051]) // 5 · lg 2
    expect(score[1]).to.equal(0.25)
  })
})
