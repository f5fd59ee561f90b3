import type { PersonWeights } from './bootstrap.js'
import { justAbove } from './statistics.js'

/** A search whose mate was to be enrolled. */
export interface MatedSearch {
  readonly person: number
  /** Of the mate; −Infinity where the probe or the reference gave no template. */
  readonly mateScore: number
  /** 1 when nobody else scores as high; equal scores count against the mate. Infinity where there is no score. */
  readonly mateRank: number
}

/** A search for somebody who is not enrolled. */
export interface NonMatedSearch {
  readonly person: number
  /** The greatest score of any reference; −Infinity where the probe gave no template. */
  readonly topScore: number
}

/** Greatest first: what `thresholdAtFpir` and `fpir` read. */
export function byTopScore(searches: readonly NonMatedSearch[]): readonly NonMatedSearch[] {
  return searches.toSorted((a, b) => b.topScore - a.topScore)
}

/**
 * The least threshold whose false positive identification rate does not exceed `target` on these searches: just above the
 * first top score that would be one too many.
 * @param descending `byTopScore`, at least one
 */
export function thresholdAtFpir(descending: readonly NonMatedSearch[], target: number, weights: PersonWeights): number {
  const total = descending.reduce((sum, { person }) => sum + weights[person]!, 0)
  const allowed = Math.floor(target * total)
  let count = 0
  for (const { topScore, person } of descending) {
    count += weights[person]!
    if (count > allowed) return justAbove(topScore)
  }
  return -Number.MAX_VALUE
}

/** FPIR(N, T): the share of non-mated searches with a candidate at or above the threshold. */
export function fpir(searches: readonly NonMatedSearch[], threshold: number, weights: PersonWeights): number {
  return weightedShare(searches, ({ topScore }) => topScore >= threshold, weights)
}

/** FNIR(N, R, T): the share of mated searches whose mate is not among the first R, or scores below the threshold. */
export function fnir(
  searches: readonly MatedSearch[],
  rank: number,
  threshold: number,
  weights: PersonWeights,
): number {
  return weightedShare(searches, ({ mateScore, mateRank }) => mateRank > rank || mateScore < threshold, weights)
}

/** CMC(R): the share of mated searches whose mate is among the first R, whatever its score (a closed set). */
export function hitRate(searches: readonly MatedSearch[], rank: number, weights: PersonWeights): number {
  return weightedShare(searches, ({ mateRank }) => mateRank <= rank, weights)
}

/** NaN where the weights leave nothing. */
function weightedShare<Search extends { readonly person: number }>(
  searches: readonly Search[],
  counts: (search: Search) => boolean,
  weights: PersonWeights,
): number {
  let [part, total] = [0, 0]
  for (const search of searches) {
    const weight = weights[search.person]!
    total += weight
    if (counts(search)) part += weight
  }
  return part / total
}
