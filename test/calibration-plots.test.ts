import { expect } from 'chai'
import { calibrationPlots } from '../src/calibration-plots.js'
import { CONTENT } from './engines/calibration/support/content.js'

// Goal: the drawings of a calibration hold its knots, and part what was measured from what is extrapolated.
describe('calibrationPlots()', () => {
  const [rates, likelihood] = calibrationPlots(CONTENT)

  it('draws FMR with its interval and FNMR over the score, on axes that hold all of it', () => {
    const { x, y, series } = rates!
    expect([x.min, x.max]).to.deep.equal([0.2, 0.5])
    expect([y.scale, y.min]).to.deep.equal(['logarithmic', 1e-4])
    expect(series.map(({ name }) => name)).to.deep.equal([
      'FMR',
      'FNMR',
      'FMR, extrapolated',
      '95 % of FMR',
      '95 % of FMR',
    ])
    expect(series[0]?.points).to.deep.equal([[0.2, 1e-1], [0.3, 1e-2]]) // prettier-ignore
    expect(series[1]?.points).to.deep.equal([
      [0.3, 0.1],
      [0.5, 0.3],
    ]) // an FNMR of 0 has no place on it // prettier-ignore
    expect(series[2]?.points).to.deep.equal([
      [0.3, 1e-2],
      [0.5, 1e-4],
    ]) // below the resolution, 5e-4 // prettier-ignore
  })

  it('draws the likelihood ratio', () => {
    expect(likelihood!.series[0]?.points).to.deep.equal([[0.2, -1], [0.3, 1], [0.5, 4]]) // prettier-ignore
    expect([likelihood!.y.min, likelihood!.y.max]).to.deep.equal([-1, 4])
  })
})
