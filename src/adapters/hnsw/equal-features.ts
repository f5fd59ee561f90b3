/**
 * Finds the node that holds the very same features: a hash, then a comparison of every value.
 *
 * Two nodes of one hash take the next free keys. The key of a deleted node stays taken, so that the ones behind it are still
 * found; it goes when the graph is built anew.
 */
export class EqualFeatures {
  readonly #labelOf = new Map<number, number>()
  readonly #featuresAt: (label: number) => readonly number[] | null

  /** @param featuresAt the features of a node; null when it is deleted */
  constructor(featuresAt: (label: number) => readonly number[] | null) {
    this.#featuresAt = featuresAt
  }

  find(features: ArrayLike<number>): number | null {
    for (let key = hash(features); ; key++) {
      const label = this.#labelOf.get(key)
      if (label === undefined) return null
      if (areEqual(this.#featuresAt(label), features)) return label
    }
  }

  add(features: ArrayLike<number>, label: number): void {
    let key = hash(features)
    while (this.#labelOf.has(key)) key++
    this.#labelOf.set(key, label)
  }
}

function areEqual(a: readonly number[] | null, b: ArrayLike<number>): boolean {
  return a !== null && a.length === b.length && a.every((value, i) => value === b[i])
}

/** FNV-1a over the float32 bit patterns, a word at a time. 32 bits: about 100 pairs share one among a million. */
function hash(features: ArrayLike<number>): number {
  let value = 0x811c9dc5
  for (const word of new Uint32Array(Float32Array.from(features).buffer)) value = Math.imul(value ^ word, 0x01000193)
  return value >>> 0
}
