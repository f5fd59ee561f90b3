import type { RecallAudit__Output } from '../generated/portcullis/v1/RecallAudit.js'

/** "2 of 10000 missed, at most 0.073 % with 95 % confidence" */
export function auditText({ checkedCount, missedCount, missRateUpper95 }: RecallAudit__Output): string {
  const percent = Number((missRateUpper95 * 100).toPrecision(2))
  return `${missedCount} of ${checkedCount} missed, at most ${percent} % with 95 % confidence`
}
