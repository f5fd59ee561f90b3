import type { CallContext } from './context.js'
import type { FingerPosition, NormalisedMinutiae } from './finger.js'
import type { Neighbour, TagSet } from './search.js'

/** A fingerprint reference as an index holds it. */
export interface IndexedFinger {
  /** Of the store, ascending in the order of enrolment; below 2^53. */
  readonly referenceId: number
  /** Compared with probes of the same position; `unknown` with all, and all with `unknown`. */
  readonly position: FingerPosition
  readonly tag: number
  readonly minutiae: NormalisedMinutiae
}

/** What one search asks; plain data, so that it can be posted. */
export interface FingerQuery {
  readonly minutiae: NormalisedMinutiae
  readonly position: FingerPosition
  readonly countMax: number
  /** Scores below this are not wanted; −log10 of the false match rate, so 0 wants all. */
  readonly scoreMin: number
  /** Allowed tags; null allows every reference. */
  readonly tags: TagSet | null
  /** Compares every reference of the scope, however many there are: what the shortlist is measured against. */
  readonly isExhaustive: boolean
}

export interface FingerAnswer {
  /** Most similar first, ties by ascending reference id; the score is −log10 of the false match rate, 0 and more. */
  readonly neighbours: readonly Neighbour[]
  /** References of the scope and position: those that the shortlist chose from. */
  readonly coveredCount: number
  /** References that were really compared 1:1. Fewer than `coveredCount` where a shortlist chose: it may have missed one. */
  readonly comparedCount: number
}

export interface FingerIndexStatus {
  readonly state: 'loading' | 'ready' | 'recovering'
  readonly referenceCount: number
  /** Of memory, about. */
  readonly bytes: number
}

/** Reads references again: an index is derived from the store and can be rebuilt from it at any time. */
export interface FingerSource {
  /** All active references of the space, ascending by id, in bounded chunks. */
  fingers(): AsyncIterable<readonly IndexedFinger[]>
}

/** 1:N over the fingerprint references of one space. Changes are effective when their promise resolves. */
export interface FingerIndex {
  readonly status: FingerIndexStatus
  /** Reads everything from the source, from scratch. */
  load(): Promise<void>
  /** @throws DomainError UNAVAILABLE; the index then needs `load()` */
  add(fingers: readonly IndexedFinger[]): Promise<void>
  remove(referenceIds: readonly number[]): Promise<void>
  setTags(changes: readonly { readonly referenceId: number; readonly tag: number }[]): Promise<void>
  /** @throws DomainError UNAVAILABLE when a part failed or was late: never a partial answer; CANCELLED, DEADLINE_EXCEEDED */
  search(query: FingerQuery, context: CallContext): Promise<FingerAnswer>
  /** Scores of these references, whatever their position or tag; those that are not held are left out. Errors as `search`. */
  compare(
    minutiae: NormalisedMinutiae,
    referenceIds: readonly number[],
    context: CallContext,
  ): Promise<readonly Neighbour[]>
  close(): Promise<void>
}
