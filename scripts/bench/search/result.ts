import { dot } from '../../../src/domain/template.js'
import { rowOf, type IdentitySet } from './identities.js'
import type { TrueList } from './oracle.js'
import type { Timing } from './timing.js'

/** One engine on one set. */
export interface Result {
  readonly engine: string
  readonly count: number
  readonly featureCount: number
  /** From float32 rows in memory (for outside engines: in a file) to the first search; null where nothing is loaded. */
  readonly loadS: number | null
  /** Of the index alone, without the float32 rows behind it; null where it cannot be told. */
  readonly bytesPerTemplate: number | null
  readonly timing: Timing
  /** Mated probes whose first candidate was judged; 0 where there is none to judge. */
  readonly judgedCount: number
  readonly hitCount: number
}

/** What an engine is measured on, and judged by. */
export interface Measured {
  readonly set: IdentitySet
  readonly matedLists: readonly TrueList[]
}

/** A first candidate that scores this little below the best is one of its equals, seen by float32 sums. */
const FLOAT32_TOLERANCE = 1e-6

export function judged(
  engine: string,
  { set, matedLists }: Measured,
  cost: Pick<Result, 'loadS' | 'bytesPerTemplate'>,
  timing: Timing,
): Result {
  const { count, featureCount } = set
  const hits = timing.firstRows.filter((row, i) => {
    if (row < 0) return false
    return dot(set.matedProbes[i]!, rowOf(set, row)) >= matedLists[i]!.scores[0]! - FLOAT32_TOLERANCE
  })
  const counts = { judgedCount: timing.firstRows.length, hitCount: hits.length }
  return { engine, count, featureCount, ...cost, timing, ...counts }
}
