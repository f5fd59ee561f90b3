import type { CallContext } from './context.js'

/**
 * A set of tags, one bit each (bit t & 7 of byte t >> 3). A tag stands for one combination of galleries that subjects are in:
 * the scope of a search is then a small bitmap, however many references there are.
 */
export type TagSet = Uint8Array

export function tagSet(tags: Iterable<number>): TagSet {
  const list = [...tags]
  const set = new Uint8Array((list.reduce((max, tag) => Math.max(max, tag), -8) >> 3) + 1)
  for (const tag of list) set[tag >> 3]! |= 1 << (tag & 7)
  return set
}

/** Whether a set holds a tag; null holds all. */
export function hasTag(set: TagSet | null, tag: number): boolean {
  return set === null || ((set[tag >> 3] ?? 0) & (1 << (tag & 7))) !== 0
}

/**
 * How a search is asked for.
 * - `auto`: `verified` where a graph stands and the scope is large enough for it to help, else `exact`;
 * - `exact`: every reference of the scope is covered by the exact scan;
 * - `verified`: the graph answers first, the exact scan confirms the list or adds what the graph missed;
 * - `hnsw`: the graph alone, with the references that it does not hold yet compared exactly. It may miss.
 */
export const SEARCH_MODE_WISHES = ['auto', 'exact', 'verified', 'hnsw'] as const
export type SearchModeWish = (typeof SEARCH_MODE_WISHES)[number]

/** How it was done. A wish for a graph that is not there, or in doubt, is answered exactly. */
export type SearchMode = Exclude<SearchModeWish, 'auto'>

/** A reference as an index holds it. */
export interface IndexedReference {
  readonly referenceId: number
  /** Float32, checked by `checkFeatures`. */
  readonly features: Float32Array
  readonly tag: number
}

export interface Neighbour {
  readonly referenceId: number
  /** Dot product on the stored float32 features, summed in float64. */
  readonly score: number
}

/** One step of quantisation and the error norm that it keeps to; see `engines/search/quantiser.ts`. */
export interface Quantiser {
  readonly step: number
  readonly errorMax: number
}

/** A probe in 16 bits: codes · scale ≈ features. */
export interface QuantisedProbe {
  readonly codes: Int16Array
  readonly scale: number
  /** Euclidean norm of what quantisation lost. */
  readonly errorNorm: number
}

/** What one search asks of a shard; plain data, so that it can be posted. */
export interface ShardQuery {
  readonly probe: QuantisedProbe
  readonly countMax: number
  /** True scores below this are not wanted. */
  readonly scoreMin: number
  /** Allowed tags; null allows every row. */
  readonly tags: TagSet | null
}

/** Rows that may belong to the answer; all others of the shard certainly do not. They are to be compared exactly. */
export interface ShardAnswer {
  readonly referenceIds: Float64Array
  /** Scanned scores, in the same order; +Infinity for rows that quantisation fits badly and that may belong to it. */
  readonly scanned: Float64Array
  /** Live rows of the shard, all of them covered. */
  readonly coveredCount: number
  /** How far a scanned score can be from the true one. */
  readonly bound: number
}

export interface ShardStatus {
  readonly rowCount: number
  readonly exceptionCount: number
  readonly bytes: number
}

/** A part of the references, scanned exactly: in this thread, or in one of its own. */
export interface Shard {
  /** Empties the shard and fixes its quantiser. */
  open(featureCount: number, quantiser: Quantiser): Promise<ShardStatus>
  add(rows: readonly IndexedReference[]): Promise<ShardStatus>
  remove(referenceIds: readonly number[]): Promise<ShardStatus>
  setTags(changes: readonly { readonly referenceId: number; readonly tag: number }[]): Promise<ShardStatus>
  /** @throws DomainError UNAVAILABLE when the shard failed or gave no answer in time: never a partial answer */
  search(query: ShardQuery): Promise<ShardAnswer>
  close(): Promise<void>
}

export type GraphState = 'building' | 'ready' | 'down'

/** What a graph found, and what it does not hold. */
export interface GraphAnswer {
  /** Most similar first; scores by the graph's own float32 arithmetic, exact to about 1e-5. */
  readonly neighbours: readonly Neighbour[]
  /** References that the graph cannot find and the answer therefore does not cover: to be compared exactly. */
  readonly notCovered: readonly number[]
}

export interface GraphStatus {
  readonly state: GraphState
  readonly nodeCount: number
  /** Acknowledged references that the graph does not hold yet. */
  readonly pendingCount: number
  /** Breadth of the search (ef). */
  readonly breadth: number
  /** When the snapshot on the disk was made; null when there is none. */
  readonly snapshotAtMs: number | null
  /** Why it is not ready; '' when it is. */
  readonly reason: string
}

/** Reads references again: an index is derived from the store and can be rebuilt from it at any time. */
export interface ReferenceSource {
  /** All active references of the space, ascending by id, in bounded chunks. */
  rows(): AsyncIterable<readonly IndexedReference[]>
  /** Those that (still) exist, in the order of `referenceIds`. */
  features(referenceIds: readonly number[]): Promise<readonly Omit<IndexedReference, 'tag'>[]>
}

/** An approximate index that may fail at any time without harm: it only ever adds speed, or a second opinion. */
export interface Graph {
  readonly status: GraphStatus
  /** Loads a snapshot or builds, in the background; resolves at once. `liveIds` are what the store holds now. */
  start(source: ReferenceSource, liveIds: readonly number[]): void
  /** Queued; the graph takes them when it can. */
  add(referenceIds: readonly number[]): void
  /** No answer holds them any more once this returns. */
  remove(referenceIds: readonly number[]): void
  /** Null when the graph cannot answer now. */
  search(probe: Float32Array, countMax: number, timeoutMs: number): Promise<GraphAnswer | null>
  /** Searches more broadly from now on: the answer to a confirmed miss. */
  broaden(): void
  /** Writes a snapshot now. @throws when it cannot be written; the ones before stay */
  snapshot(): Promise<void>
  /** Forgets everything, snapshots included, and builds anew. */
  rebuild(): void
  close(): Promise<void>
}

/** What one search asks of the index. */
export interface IndexSearch {
  readonly probe: Float32Array
  readonly countMax: number
  readonly scoreMin: number
  /** Null for every reference. */
  readonly tags: TagSet | null
  /** The same scope for a single reference, as of now. */
  readonly accept: (referenceId: number) => boolean
  /** References in the scope: tells whether a graph over all of them can help. */
  readonly acceptedCount: number
  readonly mode: SearchModeWish
}

export interface IndexSearchResult {
  /** Most similar first; ties by ascending reference id. */
  readonly neighbours: readonly Neighbour[]
  readonly mode: SearchMode
  /** Scores computed on stored float32 features. */
  readonly comparedCount: number
  /** References that the answer proves something about. */
  readonly coveredCount: number
  /** Of the answer, how many the graph had missed; 0 in other modes. */
  readonly missedByGraphCount: number
  /** How far a scanned score can be from the true one; null where no scan took part. */
  readonly scoreBound: number | null
}

/** How well the graph has done, judged by the exact scan. */
export interface RecallAudit {
  /** Neighbours that the exact scan proved to belong to answers. */
  readonly checkedCount: number
  readonly missedCount: number
  /** Upper end of the 95 % interval of the share missed; 1 when nothing was checked. */
  readonly missRateUpper95: number
}

export interface IndexStatus {
  readonly state: 'loading' | 'ready' | 'recovering'
  readonly referenceCount: number
  readonly shards: readonly ShardStatus[]
  readonly quantiser: Quantiser | null
  readonly graph: GraphStatus | null
  readonly audit: RecallAudit
  /** Shards that failed and were built again since the start. */
  readonly recoveryCount: number
}

/** Vector search over the references of one space. */
export interface SearchIndex {
  readonly size: number
  readonly status: IndexStatus
  /** Reads everything from the source, from scratch. Searches wait for it a little, then fail with UNAVAILABLE. */
  load(): Promise<void>
  /** Searchable when it resolves. @throws DomainError UNAVAILABLE; the index then needs `load()` */
  add(references: readonly IndexedReference[]): Promise<void>
  /** No longer found when it resolves. */
  remove(referenceIds: readonly number[]): Promise<void>
  setTags(changes: readonly { readonly referenceId: number; readonly tag: number }[]): Promise<void>
  /** @throws DomainError UNAVAILABLE when a part failed or was late, CANCELLED, DEADLINE_EXCEEDED */
  search(search: IndexSearch, context: CallContext): Promise<IndexSearchResult>
  /** Has the graph, where there is one, built anew in the background, without its snapshots; the exact scan serves meanwhile. */
  rebuildGraph(): void
  /** Writes a snapshot of the graph now. @throws DomainError UNAVAILABLE when there is no graph, or it cannot be written */
  snapshot(): Promise<void>
  close(): Promise<void>
}
