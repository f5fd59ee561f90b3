import type { Calibrations } from '../../src/domain/calibration.js'
import { CalibrationCurve } from '../../src/engines/calibration/curve.js'
import { CIRCLE } from './stored-things.js'

/**
 * A calibration of the synthetic space that is easy to reckon with: at its default threshold .5 one comparison in 20 is a false match, so
 * that a gallery of N references has the FPIR 1 − 1/(1 + N/20): one reference 1/21, two 1/11, five 1/5.
 */
export function circleCalibration(): CalibrationCurve {
  const rest = { fnmr: 0, llr: 0, shape: 1 }
  return new CalibrationCurve({
    format: 'portcullis-calibration-1',
    algorithm: CIRCLE,
    source: {
      data: 'nobody: scores are cosines of known angles',
      personCount: 100,
      sampleCount: 200,
      failuresToExtract: 0,
      nonMatedCount: 19_800,
      matedCount: 100,
      matedPersonCount: 100,
      date: '2026-01-01',
      command: 'none',
    },
    tail: { score: 0.5, count: 990, shape: 0, scale: 0.1 },
    bootstrap: { seed: 1, drawCount: 200 },
    resolution: 5e-4,
    knots: [
      { score: 0, fmr: 0.5, fmrLower95: 0.4, fmrUpper95: 0.6, ...rest },
      { score: 0.5, fmr: 0.05, fmrLower95: 0.04, fmrUpper95: 0.06, ...rest },
      { score: 1, fmr: 0.001, fmrLower95: 0.0008, fmrUpper95: 0.0012, ...rest },
    ],
  })
}

/** The same for a bench; fingers have none. */
export function circleCalibrations(): Calibrations {
  return { face: circleCalibration(), finger: null }
}
