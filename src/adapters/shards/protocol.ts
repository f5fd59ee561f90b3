import type { IndexedReference, Quantiser, ShardAnswer, ShardQuery, ShardStatus } from '../../domain/search.js'
import type { CallFailure } from './answer-call.js'

/**
 * Rows as three arrays whose buffers change hands: posting a row's own features would copy the whole buffer behind them.
 * `features` holds referenceIds.length × featureCount values.
 */
export interface PackedRows {
  readonly referenceIds: Float64Array<ArrayBuffer>
  readonly tags: Uint32Array<ArrayBuffer>
  readonly features: Float32Array<ArrayBuffer>
}

export function packRows(rows: readonly IndexedReference[]): PackedRows {
  const featureCount = rows[0]?.features.length ?? 0
  const features = new Float32Array(rows.length * featureCount)
  rows.forEach((row, i) => features.set(row.features, i * featureCount))
  return {
    referenceIds: Float64Array.from(rows, (row) => row.referenceId),
    tags: Uint32Array.from(rows, (row) => row.tag),
    features,
  }
}

export function unpackRows({ referenceIds, tags, features }: PackedRows): readonly IndexedReference[] {
  const featureCount = referenceIds.length === 0 ? 0 : features.length / referenceIds.length
  return Array.from(referenceIds, (referenceId, i) => ({
    referenceId,
    tag: tags[i]!,
    features: features.subarray(i * featureCount, (i + 1) * featureCount),
  }))
}

/** What a shard's thread is told; `call` pairs it with its reply. */
export type ShardCall = { readonly call: number } & (
  | { readonly kind: 'open'; readonly featureCount: number; readonly quantiser: Quantiser }
  | ({ readonly kind: 'add' } & PackedRows)
  | { readonly kind: 'remove'; readonly referenceIds: readonly number[] }
  | { readonly kind: 'setTags'; readonly changes: readonly { readonly referenceId: number; readonly tag: number }[] }
  | { readonly kind: 'search'; readonly query: ShardQuery }
  | { readonly kind: 'close' }
)

export type ShardReply = { readonly call: number } & (
  { readonly status: ShardStatus } | { readonly answer: ShardAnswer } | CallFailure | { readonly closed: true }
)

/** A call without the number that pairs it with its reply. */
export type Body<T> = T extends unknown ? Omit<T, 'call'> : never
