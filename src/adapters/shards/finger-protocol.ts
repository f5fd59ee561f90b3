import type { IndexedFinger } from '../../domain/finger-search.js'
import type { FingerScope, FingerShardStatus, FingerShortlist } from '../../domain/finger-shard.js'
import type { NormalisedMinutiae } from '../../domain/finger.js'
import type { Neighbour } from '../../domain/search.js'

/** What the thread of a finger shard is told; `call` pairs it with its reply. */
export type FingerShardCall<Prepared> = { readonly call: number } & (
  | { readonly kind: 'open' }
  | { readonly kind: 'add'; readonly fingers: readonly IndexedFinger[] }
  | { readonly kind: 'remove'; readonly referenceIds: readonly number[] }
  | { readonly kind: 'setTags'; readonly changes: readonly { readonly referenceId: number; readonly tag: number }[] }
  | { readonly kind: 'prepare'; readonly minutiae: NormalisedMinutiae }
  | {
      readonly kind: 'shortlist'
      readonly probe: Prepared
      readonly scope: FingerScope
      readonly countMax: number | null
    }
  | { readonly kind: 'compare'; readonly probe: Prepared; readonly referenceIds: Float64Array }
  | { readonly kind: 'close' }
)

/** What comes back, by what was asked. */
export interface FingerShardReply<Prepared> {
  readonly status?: FingerShardStatus
  readonly prepared?: Prepared
  readonly shortlist?: FingerShortlist
  readonly neighbours?: readonly Neighbour[]
}

/** Arrays with buffers of their own: posting a view copies the whole buffer behind it. */
export function ownMinutiae({ x, y, angleRad, type, quality }: NormalisedMinutiae): NormalisedMinutiae {
  return { x: x.slice(), y: y.slice(), angleRad: angleRad.slice(), type: type.slice(), quality: quality.slice() }
}
