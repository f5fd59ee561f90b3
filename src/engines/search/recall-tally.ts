import type { RecallAudit } from '../../domain/search.js'

/** Counts what the exact scan found wrong with the graph's answers. */
export class RecallTally {
  #checkedCount = 0
  #missedCount = 0

  record(checkedCount: number, missedCount: number): void {
    this.#checkedCount += checkedCount
    this.#missedCount += missedCount
  }

  get audit(): RecallAudit {
    const [n, m] = [this.#checkedCount, this.#missedCount]
    return { checkedCount: n, missedCount: m, missRateUpper95: n === 0 ? 1 : upper95(m, n) }
  }
}

/** Upper end of a 95 % interval for m of n: the rule of three when there is none, Wilson's score interval otherwise. */
export function upper95(m: number, n: number): number {
  if (m === 0) return Math.min(1, 3 / n)
  const z = 1.96
  const share = m / n
  const spread = z * Math.sqrt((share * (1 - share) + (z * z) / (4 * n)) / n)
  return Math.min(1, (share + (z * z) / (2 * n) + spread) / (1 + (z * z) / n))
}
