import { DomainError, invalid } from '../domain/errors.js'
import type { FpirPrediction, ScoreThreshold, ThresholdWish } from '../domain/threshold.js'
import type { ScoreSpace } from './score-space.js'

/** What one call compares. */
export interface SearchSize {
  /** References of the galleries that a search covers; of several parts, the sum. */
  readonly referenceCount: number
  /** Faces of the probe, or impressions of its finger: each is a search. */
  readonly searchCount: number
}

/**
 * The threshold of a 1:1 comparison: the caller's own score, or the measured default.
 * @throws DomainError INVALID_ARGUMENT for a score outside the scale
 */
export function comparisonThreshold(space: ScoreSpace, requestedScore: number | null): ScoreThreshold {
  const { scale, scoreMin, scoreMax, words, standard } = space
  if (requestedScore === null) return { scale, ...standard, source: 'manifest', fpir: null }
  if (!(requestedScore >= scoreMin && requestedScore <= scoreMax))
    throw invalid('threshold_score', words, String(requestedScore))
  const { measuredOn } = space
  return { scale, score: requestedScore, source: 'request', fmr: space.fmrAt(requestedScore), measuredOn, fpir: null }
}

/**
 * The threshold of a search, as the caller wishes it, for what it really compares.
 * @throws DomainError INVALID_ARGUMENT for values that nothing can be, and for a target rarer than is known of this many references;
 * NOT_CALIBRATED for a target where no calibration can promise one
 */
export function searchThreshold(space: ScoreSpace, wish: ThresholdWish, size: SearchSize): ScoreThreshold {
  if (wish.kind === 'investigation')
    return { scale: space.scale, score: space.scoreMin, source: 'none', fmr: null, measuredOn: '', fpir: null }
  const target = targetOf(wish)
  if (target === null) {
    const threshold = comparisonThreshold(space, wish.kind === 'score' ? wish.score : null)
    return { ...threshold, fpir: predicted(space, threshold.score, size, null) }
  }
  const score = scoreAtTarget(space, wish.kind === 'alerts' ? 'alerts' : 'target_fpir', target, size)
  const fpir = predicted(space, score, size, target)
  return {
    scale: space.scale,
    score,
    source: 'target-fpir',
    fmr: space.fmrAt(score),
    measuredOn: space.measuredOn,
    fpir,
  }
}

/**
 * Refuses a wish that no probe can fulfil, before any is analysed.
 * @throws DomainError as `searchThreshold`
 */
export function checkWish(space: ScoreSpace, wish: ThresholdWish): void {
  if (wish.kind === 'score') comparisonThreshold(space, wish.score)
  if (targetOf(wish) !== null && space.searches === null) throw notCalibrated()
}

function targetOf(wish: ThresholdWish): number | null {
  if (wish.kind === 'target-fpir') {
    if (!(wish.fpir > 0 && wish.fpir < 1)) throw invalid('target_fpir', 'a rate over 0 and under 1', String(wish.fpir))
    return wish.fpir
  }
  if (wish.kind !== 'alerts') return null
  const { alertsPerDay, searchesPerDay } = wish
  if (!(searchesPerDay > 0 && searchesPerDay < Infinity))
    throw invalid('alerts.searches_per_day', 'a number over 0', String(searchesPerDay))
  if (!(alertsPerDay > 0 && alertsPerDay < searchesPerDay))
    throw invalid('alerts.alerts_per_day', 'a number over 0, and fewer than the searches', String(alertsPerDay))
  return alertsPerDay / searchesPerDay
}

function scoreAtTarget(space: ScoreSpace, field: string, target: number, size: SearchSize): number {
  const { searches, scoreMax } = space
  if (searches === null) throw notCalibrated()
  const { referenceCount, searchCount } = size
  const rarest = anyOf(searches.fpirAt(scoreMax, referenceCount).rate, searchCount)
  if (target < rarest) {
    const what = `a false positive identification rate of at least ${roundedUp(rarest)}`
    throw invalid(field, `${what}, the rarest that is known for ${referenceCount} references`, String(target))
  }
  return searches.scoreAtFpir(oneOf(target, searchCount), referenceCount)
}

function predicted(space: ScoreSpace, score: number, size: SearchSize, target: number | null): FpirPrediction | null {
  if (space.searches === null) return null
  const { rate, lower95, upper95, isExtrapolated } = space.searches.fpirAt(score, size.referenceCount)
  const any = (one: number) => anyOf(one, size.searchCount)
  const { measuredOn } = space.searches
  return {
    ...{ target, ...size, rate: any(rate), lower95: any(lower95), upper95: any(upper95), isExtrapolated, measuredOn },
  }
}

/** The chance that one of several searches has a false positive; faces of one image are taken for strangers to one another. */
function anyOf(rate: number, searchCount: number): number {
  return -Math.expm1(searchCount * Math.log1p(-rate))
}

/** What each of several searches may have. */
function oneOf(rate: number, searchCount: number): number {
  return -Math.expm1(Math.log1p(-rate) / searchCount)
}

/** To two digits, and upwards: the caller may ask for what the message says. */
function roundedUp(rate: number): string {
  const digit = 10 ** (Math.floor(Math.log10(rate)) - 1)
  return (Math.ceil(rate / digit) * digit).toPrecision(2)
}

function notCalibrated(): DomainError {
  return new DomainError(
    'NOT_CALIBRATED',
    'a template space with a calibration, for a target of false positives',
    'one without: give a threshold_score, or have the operator run `portcullis calibrate` and start the service again',
  )
}
