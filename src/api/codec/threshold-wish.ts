import { invalid } from '../../domain/errors.js'
import type { ThresholdWish } from '../../domain/threshold.js'
import type { IdentifyRequest__Output } from '../../generated/portcullis/v1/IdentifyRequest.js'
import { thresholdFromProto } from './fields.js'

/**
 * The threshold that a search shall have.
 * A client that writes two fields of the `oneof` onto the wire means something by both: neither is dropped in silence.
 * @throws DomainError INVALID_ARGUMENT for two wishes, and for a score that is no number
 */
export function thresholdWishFromProto(request: IdentifyRequest__Output): ThresholdWish {
  const score = thresholdFromProto(request.thresholdScore)
  const { targetFpir: fpir = null, alerts = null, investigation = null } = request
  const wishes: readonly (ThresholdWish | null)[] = [
    score === null ? null : { kind: 'score', score },
    fpir === null ? null : { kind: 'target-fpir', fpir },
    alerts === null ? null : { kind: 'alerts', ...alerts },
    investigation === null ? null : { kind: 'investigation' },
  ]
  const [wish = { kind: 'default' }, ...others] = wishes.filter((one) => one !== null)
  if (others.length === 0) return wish
  const names = 'threshold_score, target_fpir, alerts and investigation'
  throw invalid('threshold_wish', `at most one of ${names}`, `${others.length + 1} of them`)
}
