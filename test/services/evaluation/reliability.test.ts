import { expect } from 'chai'
import { dot } from '../../../src/domain/template.js'
import { crossComparisons } from '../../../src/services/evaluation/cross-comparisons.js'
import { fmrReliability, fpirReliability, referencesPerSearch } from '../../../src/services/evaluation/reliability.js'
import { reliabilityPlot, reliabilityTable } from '../../../src/services/evaluation/report/reliability-parts.js'
import { aCalibration } from '../../support/calibrations.js'

// Goal: what a calibration predicts stands beside what was counted, at the thresholds that it derives. Method: a calibration to reckon
// with (FMR falls by ten in every 0.1 of the score; FPIR = N·FMR / (1 + N·FMR)), and searches and comparisons with known counts.
const calibration = aCalibration('space@000000000001', 0.1)
const plan = (personCount: number) => ({
  seed: 1,
  personCount,
  strata: [Array.from({ length: personCount }, (_, person) => person)],
})

describe('fpirReliability()', () => {
  // Of 100 searches the i-th has its top score at (i + ½)/200: 0 to 0.5.
  const searches = Array.from({ length: 100 }, (_, person) => ({ person, topScore: (person + 0.5) / 200 }))
  const reliability = fpirReliability(calibration, searches, 9, plan(100))!

  it('counts at the thresholds that the calibration derives for so many references', () => {
    // FPIR 0.5 of 9 references is FMR 1/9: score log10(9)/10 = 0.0954; 81 of 100 tops lie at 0.0975 and above.
    const [first] = reliability.points
    expect(first?.threshold).to.be.closeTo(0.0954, 1e-4)
    expect(first?.predicted.rate).to.be.closeTo(0.5, 1e-6)
    expect(first?.measured.rate).to.equal(0.81)
    expect(first?.measured.lower95).to.be.below(0.81)
  })

  it('tells no rate that not even one search would be', () => {
    const rates = reliability.points.map(({ predicted }) => Number(predicted.rate.toPrecision(3)))
    expect(rates).to.deep.equal([0.5, 0.3, 0.2, 0.1, 0.05, 0.03, 0.02, 0.01])
  })

  it('marks what so few searches cannot tell, and names the data of the calibration', () => {
    const { rows, notes } = reliabilityTable('title', reliability)
    expect(rows.map((cells) => cells.at(-1))).to.deep.equal([
      'no',
      'no',
      'no',
      'no',
      'too few',
      'too few',
      'too few',
      'too few',
    ])
    expect(notes.join()).to.contain('100 non-mated searches').and.contain('9 references')
    expect(reliability.source.data).to.equal('nobody: rates to reckon with')
  })

  it('is drawn with an interval for each point, and the line where both are the same', () => {
    const { series } = reliabilityPlot('title', reliability)
    const [predicted, , , intervals, measured] = series
    expect(predicted?.points.every(([x, y]) => x === y)).to.equal(true)
    expect(intervals?.points).to.have.length(16)
    expect(measured?.points[0]).to.deep.equal([reliability.points[0]!.predicted.rate, 0.81])
  })
})

describe('fmrReliability()', () => {
  it('counts comparisons, each person as often as they are drawn', () => {
    // Of 1,000 comparisons of 50 people (i with i + 1) the k-th greatest has the score −log10(k/1000)/10: just as predicted.
    const reached = Array.from({ length: 1000 }, (_, i) => ({
      score: -Math.log10((i + 1) / 1000) / 10 + 1e-9,
      probePerson: i % 50,
      referencePerson: (i + 1) % 50,
    }))
    const total = (weights: Readonly<Float64Array>) =>
      reached.reduce((sum, pair) => sum + weights[pair.probePerson]! * weights[pair.referencePerson]!, 0)
    const { points } = fmrReliability(calibration, { count: 1000, reached, total }, plan(50))!
    const rates = points.map(({ measured }) => measured.rate)
    expect(rates).to.deep.equal([0.1, 0.03, 0.01, 0.003, 0.001])
    for (const { predicted, measured } of points) expect(measured.upper95).to.be.above(predicted.rate * 0.99)
  })
})

describe('crossComparisons()', () => {
  const at = (degrees: number) =>
    Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180))
  const cross = crossComparisons([
    { person: 0, features: at(0) },
    { person: 0, features: at(5) },
    { person: 1, features: at(60) },
    { person: 2, features: at(90) },
  ])

  it('compares different people alone: five of six pairs, the nearest 30° apart', () => {
    expect(cross.scores).to.have.length(5)
    expect(cross.scores[0]).to.be.closeTo(dot(at(60), at(90)), 1e-7)
  })

  it('tells the pairs of people from a score on, and how many comparisons drawn people have', () => {
    const { count, reached, total } = cross.from(0.5) // cos 60° and more: 1 with 2, and 0 with 1 by the image at 5° (and 0°, if rounding lets it)
    expect(count).to.equal(5)
    expect(reached[0]).to.include({ probePerson: 1, referencePerson: 2 })
    expect(reached[1]).to.include({ probePerson: 0, referencePerson: 1 })
    expect(total(Float64Array.of(1, 1, 1))).to.equal(5)
    expect(total(Float64Array.of(2, 1, 0))).to.equal(4) // twice the two images of 0 against one of 1
  })
})

describe('referencesPerSearch()', () => {
  const sample = (part: string) => ({ name: '', part, person: 0 })

  it('counts all faces, and of fingers the same position alone', () => {
    expect(referencesPerSearch([sample('')], [sample(''), sample(''), sample('')])).to.equal(3)
    const references = [sample('right-index'), sample('left-index'), sample('right-index')]
    expect(referencesPerSearch([sample('right-index')], references)).to.equal(2)
    expect(referencesPerSearch([sample('right-index'), sample('scar')], references)).to.equal(3) // 2.5, rounded
    expect(referencesPerSearch([], references)).to.equal(0)
  })
})
