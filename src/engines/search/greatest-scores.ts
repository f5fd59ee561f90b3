/** The k greatest of many scores: a binary heap of numbers with the least at its root. */
export class GreatestScores {
  readonly #heap: Float64Array
  #count = 0

  constructor(k: number) {
    this.#heap = new Float64Array(k)
  }

  get isFull(): boolean {
    return this.#count === this.#heap.length
  }

  /** The k-th greatest so far; only when full. */
  get least(): number {
    return this.#heap[0] ?? Infinity
  }

  offer(score: number): void {
    const heap = this.#heap
    if (this.#count < heap.length) {
      let child = this.#count++
      for (; child > 0 && heap[(child - 1) >> 1]! > score; child = (child - 1) >> 1)
        heap[child] = heap[(child - 1) >> 1]!
      heap[child] = score
      return
    }
    if (!(score > heap[0]!)) return
    let parent = 0
    for (;;) {
      let child = 2 * parent + 1
      if (child >= this.#count) break
      if (child + 1 < this.#count && heap[child + 1]! < heap[child]!) child++
      if (heap[child]! >= score) break
      heap[parent] = heap[child]!
      parent = child
    }
    heap[parent] = score
  }
}
