import type { FingerShortlist } from '../../domain/finger-shard.js'
import { BestNeighbours } from '../search/best-neighbours.js'

/** Scopes up to this size are compared in full: at 200 µs a comparison 25 ms on two threads, half of what a search may take. */
export const EXHAUSTIVE_MAX = 250
/**
 * Beyond: one in a hundred, at least and at most so many. FINGERPRINT.md, §2.4, has at least 100; twice as many lose fewer mates,
 * and 10,000 templates leave the time for it (`npm run bench -- finger`).
 */
const SHORTLIST_MIN = 200
export const SHORTLIST_MAX = 500
const SHORTLIST_SHARE = 0.01

/** How many references of a scope are compared. */
export function shortlistSize(coveredCount: number): number {
  if (coveredCount <= EXHAUSTIVE_MAX) return coveredCount
  return Math.min(SHORTLIST_MAX, Math.max(SHORTLIST_MIN, Math.ceil(coveredCount * SHORTLIST_SHARE)))
}

/**
 * The best of all shards' lists together, each part still where it is held. Votes are of one reference alone, and each
 * list holds the shard's best SHORTLIST_MAX: the choice is the one that a single shard with all references would make.
 * @returns one list of ids for each shard, best first
 */
export function chooseShortlist(lists: readonly FingerShortlist[]): readonly Float64Array[] {
  const coveredCount = lists.reduce((sum, list) => sum + list.coveredCount, 0)
  const best = new BestNeighbours(shortlistSize(coveredCount))
  for (const { referenceIds, votes } of lists) referenceIds.forEach((id, i) => best.offer(id, votes[i]!))
  const chosen = new Set(best.sorted().map(({ referenceId }) => referenceId))
  return lists.map(({ referenceIds }) => referenceIds.filter((id) => chosen.has(id)))
}
