import type { IndexedReference, ReferenceSource } from '../../../src/domain/search.js'

/** A store in memory: what an index is built from, and what the oracle searches. */
export class ReferenceList implements ReferenceSource {
  readonly #references = new Map<number, IndexedReference>()
  readonly #chunkRows: number

  constructor(references: readonly IndexedReference[] = [], chunkRows = 1_000) {
    this.#chunkRows = chunkRows
    this.put(references)
  }

  get size(): number {
    return this.#references.size
  }

  put(references: readonly IndexedReference[]): void {
    for (const reference of references) this.#references.set(reference.referenceId, reference)
  }

  remove(referenceIds: readonly number[]): void {
    for (const referenceId of referenceIds) this.#references.delete(referenceId)
  }

  get(referenceId: number): IndexedReference | undefined {
    return this.#references.get(referenceId)
  }

  all(): readonly IndexedReference[] {
    return [...this.#references.values()].sort((a, b) => a.referenceId - b.referenceId)
  }

  async *rows(): AsyncIterable<readonly IndexedReference[]> {
    const all = this.all()
    for (let from = 0; from < all.length; from += this.#chunkRows) yield all.slice(from, from + this.#chunkRows)
  }

  async features(referenceIds: readonly number[]) {
    return referenceIds.flatMap((referenceId) => this.#references.get(referenceId) ?? [])
  }
}

/** References 1, 2, 3 … (or from `firstId` on) with these features; every one has the tag that `tagOf` gives. */
export function numbered(
  vectors: readonly Float32Array[],
  tagOf: (n: number) => number = () => 0,
  firstId = 1,
): readonly IndexedReference[] {
  return vectors.map((features, n) => ({ referenceId: firstId + n, features, tag: tagOf(n) }))
}
