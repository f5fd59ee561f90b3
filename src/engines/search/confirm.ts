import type { Neighbour, ReferenceSource, ShardAnswer } from '../../domain/search.js'
import { dot } from '../../domain/template.js'
import { BestNeighbours } from './best-neighbours.js'
import { GreatestScores } from './greatest-scores.js'

/** A row that may belong to the answer. */
export interface Survivor {
  readonly referenceId: number
  /** Its true score is at most `scanned` + bound. */
  readonly scanned: number
}

/**
 * The rows of all shards that may still belong to the answer, the most promising first. Over all shards together the k-th
 * greatest scanned score is higher than in each one alone, so fewer remain; `quantiser.ts` proves that no other can.
 */
export function survivors(answers: readonly ShardAnswer[], countMax: number): readonly Survivor[] {
  const best = new GreatestScores(countMax)
  for (const { scanned } of answers) for (const score of scanned) if (score !== Infinity) best.offer(score)
  const least = best.isFull ? best.least - 2 * boundOf(answers) : -Infinity
  return answers
    .flatMap(({ referenceIds, scanned }) =>
      Array.from(referenceIds, (referenceId, i) => ({ referenceId, scanned: scanned[i]! })),
    )
    .filter(({ scanned }) => scanned >= least)
    .sort((a, b) => b.scanned - a.scanned)
}

export function boundOf(answers: readonly ShardAnswer[]): number {
  return Math.max(0, ...answers.map((answer) => answer.bound))
}

export interface Confirmed {
  readonly neighbours: readonly Neighbour[]
  readonly comparedCount: number
  /** Rows that were deleted since the scan. They pushed others out of it: the list may lack those. */
  readonly vanishedCount: number
}

/** Rows fetched and compared before it is asked again whether the rest can still matter. */
const CHUNK_ROWS = 64

/**
 * Compares survivors exactly, on their stored float32 features: the one piece of code that makes the scores of every mode.
 * It ends as soon as the k-th exact score lies above what any of the rest can reach.
 * @param bound how far scanned scores can be from true ones; Infinity compares all
 */
export async function confirm(
  probe: Float32Array,
  rows: readonly Survivor[],
  bound: number,
  { countMax, scoreMin }: { readonly countMax: number; readonly scoreMin: number },
  source: ReferenceSource,
): Promise<Confirmed> {
  const best = new BestNeighbours(countMax)
  let comparedCount = 0
  let vanishedCount = 0
  for (let from = 0; from < rows.length; from += CHUNK_ROWS) {
    if (rows[from]!.scanned + bound < (best.leastScore ?? -Infinity)) break
    const chunk = rows.slice(from, from + CHUNK_ROWS).map(({ referenceId }) => referenceId)
    const stored = await source.features(chunk)
    vanishedCount += chunk.length - stored.length
    for (const { referenceId, features } of stored) {
      const score = dot(probe, features)
      comparedCount++
      if (score >= scoreMin) best.offer(referenceId, score)
    }
  }
  return { neighbours: best.sorted(), comparedCount, vanishedCount }
}
