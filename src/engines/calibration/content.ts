import type { CalibrationSource } from '../../domain/calibration.js'

/** The calibration at one score; between two knots rates run straight in their logarithms, the others straight. */
export interface CalibrationKnot {
  readonly score: number
  readonly fmr: number
  readonly fmrLower95: number
  readonly fmrUpper95: number
  readonly fnmr: number
  /** log10 of the likelihood ratio mated : non-mated. */
  readonly llr: number
  /** How alike probes are, see `probeShapes`. */
  readonly shape: number
}

export const FORMAT = 'portcullis-calibration-1'

/** What models/calibration/<space>.json holds: everything but the checksum, in this order. */
export interface CalibrationContent {
  readonly format: typeof FORMAT
  readonly algorithm: string
  readonly source: CalibrationSource
  /** Where the generalised Pareto tail begins, and what was fitted; for readers, the knots hold the curve. */
  readonly tail: { readonly score: number; readonly count: number; readonly shape: number; readonly scale: number }
  readonly bootstrap: { readonly seed: number; readonly drawCount: number }
  /** By how many powers of ten rates were raised, see `withMargin`; absent where they are as measured. */
  readonly marginDecades?: number
  /** The rarest false match rate that ten comparisons support, margin included. */
  readonly resolution: number
  /** Scores rise, rates fall. */
  readonly knots: readonly CalibrationKnot[]
}
