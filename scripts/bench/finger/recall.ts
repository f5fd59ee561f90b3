import type { FingerFeatures } from '../../../src/engines/finger/features.js'
import type { LocalFingerShard } from '../../../src/engines/finger/local-finger-shard.js'
import { POSITION, type Gallery } from './gallery.js'

export interface Recall {
  readonly probeCount: number
  /** Mates that head the list of a search by the shortlist. */
  readonly keptCount: number
  /** Mates that the shortlist left out and that would have headed an exhaustive search's list. */
  readonly lostCount: number
}

const CHUNK_SIZE = 100

/**
 * Searches for each mate by a shortlist of this share of the references, and exhaustively for those that were not in it. A mate
 * that was shortlisted and beaten there is beaten in an exhaustive search too. One that heads the short list could still be
 * beaten by a reference outside of it: it is counted as kept all the same, for no list that left this reference out lost a mate.
 */
export async function measureRecall(
  shard: LocalFingerShard,
  { references, mates }: Gallery,
  share: number,
): Promise<Recall> {
  const countMax = Math.round(references.length * share)
  let [keptCount, lostCount] = [0, 0]
  for (const [n, mate] of mates.entries()) {
    const probe = await shard.prepare(mate)
    const { referenceIds } = await shard.shortlist(probe, { position: POSITION, tags: null }, countMax)
    const isFirst = !(await isBeaten(shard, probe, n + 1, referenceIds))
    if (referenceIds.includes(n + 1)) keptCount += isFirst ? 1 : 0
    else if (
      isFirst &&
      !(await isBeaten(
        shard,
        probe,
        n + 1,
        Float64Array.from(references, (r) => r.referenceId),
      ))
    )
      lostCount++
  }
  return { probeCount: mates.length, keptCount, lostCount }
}

/** Whether another reference comes before the mate, which is nothing worth where it scores 0. */
async function isBeaten(
  shard: LocalFingerShard,
  probe: FingerFeatures,
  mateId: number,
  referenceIds: Float64Array,
): Promise<boolean> {
  const [mate] = await shard.compare(probe, Float64Array.of(mateId))
  if (mate === undefined || mate.score === 0) return true
  for (let from = 0; from < referenceIds.length; from += CHUNK_SIZE)
    for (const { referenceId, score } of await shard.compare(probe, referenceIds.slice(from, from + CHUNK_SIZE)))
      if (score > mate.score || (score === mate.score && referenceId < mateId)) return true
  return false
}
