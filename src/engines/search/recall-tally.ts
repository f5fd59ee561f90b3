import { recallAudit } from '../../domain/recall.js'
import type { RecallAudit } from '../../domain/search.js'

export { upper95 } from '../../domain/recall.js'

/** Counts what the exact scan found wrong with the graph's answers. */
export class RecallTally {
  #checkedCount = 0
  #missedCount = 0

  record(checkedCount: number, missedCount: number): void {
    this.#checkedCount += checkedCount
    this.#missedCount += missedCount
  }

  get audit(): RecallAudit {
    return recallAudit(this.#checkedCount, this.#missedCount)
  }
}
