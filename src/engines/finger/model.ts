/** Features of a descriptor after the projection. */
export const DESCRIPTOR_LENGTH = 64

/**
 * The trained constants of the fingerprint matcher; models/finger/README.md is their card.
 *
 * `descriptorVersion` names the space of the descriptors: those of different versions are never compared.
 */
export interface FingerModel {
  readonly descriptorVersion: string
  /** CELL_COUNT rows of DESCRIPTOR_LENGTH, row by row: cylinder → descriptor before its norm is made 1. */
  readonly projection: Float32Array
  /** Log-odds of "mated" = bias + Σ weight · evidence, in the order of EVIDENCE_NAMES. */
  readonly evidence: { readonly bias: number; readonly weights: Float64Array }
  /** Knots of the map from log-odds to −log10(FMR); both ascending, at least two. */
  readonly calibration: { readonly logOdds: Float64Array; readonly score: Float64Array }
}
