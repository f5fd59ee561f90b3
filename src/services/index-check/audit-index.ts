import type { CallContext } from '../../domain/context.js'
import { recallAudit } from '../../domain/recall.js'
import type { IndexSearchResult, Neighbour, RecallAudit, SearchMode } from '../../domain/search.js'
import type { References } from '../references.js'
import { disturbed, seededRandom } from './seeded.js'
import { walk } from './walk.js'

/** What one mode missed of what the exact scan found. */
export interface ModeAudit {
  /** Probes that were answered in this mode while no reference changed. */
  readonly searchCount: number
  /** Over the `NEIGHBOURS` most similar references of each probe. */
  readonly neighbours: RecallAudit
  /** Over the most similar one of each probe. */
  readonly best: RecallAudit
}

/** How far an audit of the index is. */
export interface AuditIndexProgress {
  readonly totalCount: number
  readonly checkedCount: number
  readonly hnsw: ModeAudit
  readonly verified: ModeAudit
}

/** As long as a usual candidate list. */
const NEIGHBOURS = 10
/** Probes then compare with their own references at a cosine of about 0.89: mated, and not the same sample. */
const NOISE_NORM = 0.5

/** Searches for disturbed templates in each mode and counts what the exact scan alone finds. */
export async function* auditIndex(
  references: References,
  referenceIds: readonly number[],
  seed: number,
  context: CallContext,
): AsyncGenerator<AuditIndexProgress> {
  const tallies = { hnsw: new ModeTally(), verified: new ModeTally() }
  const look = async (referenceId: number): Promise<void> => {
    const [stored] = await references.features([referenceId])
    if (stored === undefined) return // deleted meanwhile
    // A seed for each: in whichever order they are searched, the probes are the same.
    const probe = disturbed(stored.features, NOISE_NORM, seededRandom(seed ^ Math.imul(referenceId, 0x9e3779b1)))
    const search = (mode: SearchMode) => searchEverything(references, probe, mode, context)
    const answers = [await search('hnsw'), await search('verified')]
    const exact = (await search('exact')).neighbours
    const isMissing = answers.some(({ neighbours }) => missedCount(exact, neighbours) > 0)
    if (isMissing && !areSame(exact, (await search('exact')).neighbours)) return // references came or went: no fault
    for (const { mode, neighbours } of answers) if (mode !== 'exact') tallies[mode].record(exact, neighbours)
  }
  for await (const checkedCount of walk(referenceIds, look, context)) {
    const [hnsw, verified] = [tallies.hnsw.audit, tallies.verified.audit]
    yield { totalCount: referenceIds.length, checkedCount, hnsw, verified }
  }
}

async function searchEverything(
  references: References,
  probe: Float32Array,
  mode: SearchMode,
  context: CallContext,
): Promise<IndexSearchResult> {
  const scope = references.everything()
  return references.search({ probe, countMax: NEIGHBOURS, scoreMin: -Infinity, scope, mode }, context)
}

class ModeTally {
  #searchCount = 0
  #neighbourCount = 0
  #missedCount = 0
  #missedBestCount = 0

  get audit(): ModeAudit {
    return {
      searchCount: this.#searchCount,
      neighbours: recallAudit(this.#neighbourCount, this.#missedCount),
      best: recallAudit(this.#searchCount, this.#missedBestCount),
    }
  }

  record(exact: readonly Neighbour[], found: readonly Neighbour[]): void {
    this.#searchCount++
    this.#neighbourCount += exact.length
    this.#missedCount += missedCount(exact, found)
    if (missedCount(exact.slice(0, 1), found.slice(0, 1)) > 0) this.#missedBestCount++
  }
}

/** Those of the exact list that the other one lacks; a tie with its last one is as good. */
export function missedCount(exact: readonly Neighbour[], found: readonly Neighbour[]): number {
  const ids = new Set(found.map(({ referenceId }) => referenceId))
  const least = found.length < exact.length ? -Infinity : (found.at(-1)?.score ?? -Infinity)
  return exact.filter(({ referenceId, score }) => !ids.has(referenceId) && score > least).length
}

function areSame(a: readonly Neighbour[], b: readonly Neighbour[]): boolean {
  return a.length === b.length && a.every(({ referenceId }, i) => referenceId === b[i]?.referenceId)
}
