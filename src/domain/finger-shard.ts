import type { FingerPosition, NormalisedMinutiae } from './finger.js'
import type { IndexedFinger } from './finger-search.js'
import type { Neighbour, TagSet } from './search.js'

export interface FingerShardStatus {
  readonly rowCount: number
  /** Of memory, about. */
  readonly bytes: number
}

/** Which references a search may compare with. */
export interface FingerScope {
  readonly position: FingerPosition
  /** Allowed tags; null allows every reference. */
  readonly tags: TagSet | null
}

/** References of a scope, those first that more of the probe's minutiae speak for; ties by ascending id. */
export interface FingerShortlist {
  readonly referenceIds: Float64Array
  /** How much speaks for each, in the same order, 0 and more; of one reference alone, whatever else the shard holds. All 0 where nobody voted. */
  readonly votes: Float64Array
  /** References of the scope, those left out included. */
  readonly coveredCount: number
}

/**
 * A part of the fingerprint references: in this thread, or in one of its own. `Prepared` is an impression ready to be
 * compared; it is plain data, so that it can be posted, and all shards of an index understand it.
 */
export interface FingerShard<Prepared> {
  /** Empties the shard. */
  open(): Promise<FingerShardStatus>
  add(fingers: readonly IndexedFinger[]): Promise<FingerShardStatus>
  remove(referenceIds: readonly number[]): Promise<FingerShardStatus>
  setTags(changes: readonly { readonly referenceId: number; readonly tag: number }[]): Promise<FingerShardStatus>
  prepare(minutiae: NormalisedMinutiae): Promise<Prepared>
  /** @param countMax null lists the whole scope, without votes */
  shortlist(probe: Prepared, scope: FingerScope, countMax: number | null): Promise<FingerShortlist>
  /** Exact comparisons with these references; those that are not held are left out. The caller keeps the list short. */
  compare(probe: Prepared, referenceIds: Float64Array): Promise<readonly Neighbour[]>
  close(): Promise<void>
}
