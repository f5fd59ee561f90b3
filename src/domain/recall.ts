import type { RecallAudit } from './search.js'

export function recallAudit(checkedCount: number, missedCount: number): RecallAudit {
  return { checkedCount, missedCount, missRateUpper95: checkedCount === 0 ? 1 : upper95(missedCount, checkedCount) }
}

/** Upper end of a 95 % interval for m of n: the rule of three when there is none, Wilson's score interval otherwise. */
export function upper95(m: number, n: number): number {
  if (m === 0) return Math.min(1, 3 / n)
  const z = 1.96
  const share = m / n
  const spread = z * Math.sqrt((share * (1 - share) + (z * z) / (4 * n)) / n)
  return Math.min(1, (share + (z * z) / (2 * n) + spread) / (1 + (z * z) / n))
}
