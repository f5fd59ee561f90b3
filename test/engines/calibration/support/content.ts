import type { CalibrationContent } from '../../../../src/engines/calibration/content.js'

/** Three knots that are easy to reckon with: a power of ten of FMR in every tenth of a score. */
export const CONTENT: CalibrationContent = {
  format: 'portcullis-calibration-1',
  algorithm: 'space@0123456789ab',
  source: {
    data: 'none',
    personCount: 100,
    sampleCount: 200,
    failuresToExtract: 0,
    nonMatedCount: 19_800,
    matedCount: 100,
    matedPersonCount: 100,
    date: '2026-01-01',
    command: 'none',
  },
  tail: { score: 0.3, count: 198, shape: -0.05, scale: 0.05 },
  bootstrap: { seed: 1, drawCount: 200 },
  resolution: 5e-4,
  knots: [
    { score: 0.2, fmr: 1e-1, fmrLower95: 5e-2, fmrUpper95: 2e-1, fnmr: 0, llr: -1, shape: 1 },
    { score: 0.3, fmr: 1e-2, fmrLower95: 5e-3, fmrUpper95: 2e-2, fnmr: 0.1, llr: 1, shape: 1 },
    { score: 0.5, fmr: 1e-4, fmrLower95: 1e-5, fmrUpper95: 1e-3, fnmr: 0.3, llr: 4, shape: 0.25 },
  ],
}
