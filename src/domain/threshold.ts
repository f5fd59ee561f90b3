import type { RateEstimate } from './calibration.js'

/** A cosine for a face alone; minus the decimal logarithm of the false match rate as soon as fingers take part. */
export type ScoreScale = 'cosine' | '-log10(fmr)'

/**
 * What a caller asks of the threshold of a search.
 * - `default`: the space's measured default;
 * - `score`: a score on the scale of the search;
 * - `target-fpir`: the least score at which a search of somebody who is not enrolled has candidates at most this often;
 * - `alerts`: the same, as false alerts a day over searches a day;
 * - `investigation`: no threshold; an examiner goes through the longest list whatever its scores.
 */
export type ThresholdWish =
  | { readonly kind: 'default' }
  | { readonly kind: 'score'; readonly score: number }
  | { readonly kind: 'target-fpir'; readonly fpir: number }
  | { readonly kind: 'alerts'; readonly alertsPerDay: number; readonly searchesPerDay: number }
  | { readonly kind: 'investigation' }

/** How often a search of somebody who is not enrolled has candidates all the same: predicted, with its 95 % interval. */
export interface FpirPrediction extends RateEstimate {
  /** What the caller asked for; null where the threshold came from elsewhere. */
  readonly target: number | null
  /** References that the search compared. Several of one subject count each: the rate is then a little too high, never too low. */
  readonly referenceCount: number
  /** Faces of the probe, or impressions of its finger: each is a search, and the rates are those of any of them. */
  readonly searchCount: number
  readonly measuredOn: string
}

export interface ScoreThreshold {
  readonly scale: ScoreScale
  /** Least score of a candidate; the scale's least where no threshold applied. */
  readonly score: number
  /** `request` when the caller set the score, `manifest` the space's measured default, `none` in an investigation. */
  readonly source: 'request' | 'manifest' | 'target-fpir' | 'none'
  /** False match rate of one comparison at this score, and on what it was measured; null where it is not known. */
  readonly fmr: number | null
  readonly measuredOn: string
  /** Null without a calibration, without a threshold, and in 1:1. */
  readonly fpir: FpirPrediction | null
}
