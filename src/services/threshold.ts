import { invalid } from '../domain/errors.js'
import type { FingerAlgorithm } from '../domain/finger-analysis.js'
import type { ScoreThreshold } from '../domain/identification.js'
import type { FaceAlgorithm } from '../domain/models.js'

/** No rate below 10^−100 can be meant. */
const FUSED_SCORE_MAX = 100

/**
 * The threshold of one call on a face alone: the caller's own cosine, or the space's measured default.
 * @throws DomainError INVALID_ARGUMENT unless the caller's score is within −1 to 1
 */
export function thresholdFor(algorithm: FaceAlgorithm, requestedScore: number | null): ScoreThreshold {
  if (requestedScore !== null) {
    if (!(requestedScore >= -1 && requestedScore <= 1))
      throw invalid('threshold_score', 'a cosine from -1 to 1', String(requestedScore))
    return { scale: 'cosine', score: requestedScore, source: 'request', fmr: null, measuredOn: '' }
  }
  const { defaultFmr: fmr, measuredOn } = algorithm
  const point = algorithm.operatingPoints.find((candidate) => candidate.fmr === fmr)
  if (point === undefined) throw new Error('the default false match rate is not an operating point of its space')
  return { scale: 'cosine', score: point.score, source: 'manifest', fmr, measuredOn }
}

/**
 * The threshold of one call with fingers: −log10 of a false match rate, the caller's own or that of the face's default.
 * @throws DomainError INVALID_ARGUMENT unless the caller's score is within 0 to 100
 */
export function fusedThreshold(
  face: FaceAlgorithm,
  finger: FingerAlgorithm,
  requestedScore: number | null,
): ScoreThreshold {
  const measuredOn = `face: ${face.measuredOn}; finger: ${finger.measuredOn}`
  const scale = '-log10(fmr)'
  if (requestedScore === null) {
    const { defaultFmr: fmr } = face
    return { scale, score: -Math.log10(fmr), source: 'manifest', fmr, measuredOn }
  }
  if (!(requestedScore >= 0 && requestedScore <= FUSED_SCORE_MAX))
    throw invalid('threshold_score', `-log10 of a false match rate, 0 to ${FUSED_SCORE_MAX}`, String(requestedScore))
  return { scale, score: requestedScore, source: 'request', fmr: 10 ** -requestedScore, measuredOn }
}
