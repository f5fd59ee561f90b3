import type { ScoreCalibration } from '../../src/domain/calibration.js'
import { CalibrationCurve } from '../../src/engines/calibration/curve.js'

/**
 * A calibration to reckon with by hand: the false match rate falls by a power of ten in every `step` of the score, from 1 at 0 to
 * 10^−4, and probes differ so much (shape 1) that FPIR = N·FMR / (1 + N·FMR). The likelihood ratio rises by a power of ten in every step.
 */
export function aCalibration(algorithm: string, step: number): ScoreCalibration {
  return new CalibrationCurve({
    format: 'portcullis-calibration-1',
    algorithm,
    source: {
      data: 'nobody: rates to reckon with',
      personCount: 1_000,
      sampleCount: 1_000,
      failuresToExtract: 0,
      nonMatedCount: 499_500,
      matedCount: 1_000,
      matedPersonCount: 1_000,
      date: '2026-11-23',
      command: 'none',
    },
    tail: { score: 2 * step, count: 4_995, shape: 0, scale: 0.05 },
    bootstrap: { seed: 1, drawCount: 200 },
    resolution: 5e-4,
    knots: [0, 1, 2, 3, 4].map((power) => {
      const fmr = 10 ** -power
      const interval = { fmrLower95: fmr / 2, fmrUpper95: Math.min(1, fmr * 2) }
      return { score: power * step, fmr, ...interval, fnmr: power * 0.05, llr: power - 1, shape: 1 }
    }),
  })
}
