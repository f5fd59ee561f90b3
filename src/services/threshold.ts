import { invalid } from '../domain/errors.js'
import type { ScoreThreshold } from '../domain/identification.js'
import type { FaceAlgorithm } from '../domain/models.js'

/**
 * The threshold of one call: the caller's own score, or the space's measured default.
 * @throws DomainError INVALID_ARGUMENT unless the caller's score is within −1 to 1
 */
export function thresholdFor(algorithm: FaceAlgorithm, requestedScore: number | null): ScoreThreshold {
  if (requestedScore !== null) {
    if (!(requestedScore >= -1 && requestedScore <= 1))
      throw invalid('threshold_score', 'a cosine from -1 to 1', String(requestedScore))
    return { score: requestedScore, source: 'request', fmr: null, measuredOn: '' }
  }
  const point = algorithm.operatingPoints.find(({ fmr }) => fmr === algorithm.defaultFmr)
  if (point === undefined) throw new Error('the default false match rate is not an operating point of its space')
  return { score: point.score, source: 'manifest', fmr: point.fmr, measuredOn: algorithm.measuredOn }
}
