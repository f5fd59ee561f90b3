import type { Neighbour } from '../../domain/search.js'

/**
 * The best neighbours of all that were offered, up to a number: a binary heap with the worst one at its root,
 * so that most of a large scan costs one comparison each.
 */
export class BestNeighbours {
  readonly #countMax: number
  readonly #heap: Neighbour[] = []

  constructor(countMax: number) {
    this.#countMax = countMax
  }

  /** The k-th greatest score so far; undefined while there are fewer than k. */
  get leastScore(): number | undefined {
    return this.#heap.length < this.#countMax ? undefined : this.#heap[0]?.score
  }

  offer(referenceId: number, score: number): void {
    const heap = this.#heap
    if (heap.length < this.#countMax) {
      heap.push({ referenceId, score })
      this.#siftUp(heap.length - 1)
      return
    }
    const worst = heap[0]
    if (worst === undefined || score < worst.score) return
    const offered = { referenceId, score }
    if (order(offered, worst) >= 0) return
    heap[0] = offered
    this.#siftDown()
  }

  /** Most similar first; ties by ascending reference id. */
  sorted(): readonly Neighbour[] {
    return this.#heap.toSorted(order)
  }

  #siftUp(at: number): void {
    for (let child = at; child > 0;) {
      const parent = (child - 1) >> 1
      if (this.#order(child, parent) <= 0) return
      this.#swap(child, parent)
      child = parent
    }
  }

  #siftDown(): void {
    for (let parent = 0; ;) {
      const left = 2 * parent + 1
      if (left >= this.#heap.length) return
      const right = left + 1
      const worse = right < this.#heap.length && this.#order(right, left) > 0 ? right : left
      if (this.#order(worse, parent) <= 0) return
      this.#swap(worse, parent)
      parent = worse
    }
  }

  #order(a: number, b: number): number {
    return order(this.#heap[a] as Neighbour, this.#heap[b] as Neighbour)
  }

  #swap(a: number, b: number): void {
    const kept = this.#heap[a] as Neighbour
    this.#heap[a] = this.#heap[b] as Neighbour
    this.#heap[b] = kept
  }
}

/** Negative when `a` comes first. */
function order(a: Neighbour, b: Neighbour): number {
  return b.score - a.score || a.referenceId - b.referenceId
}
