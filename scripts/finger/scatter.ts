/** A sum of x·xᵀ over vectors, of which only the lower triangle is kept while it grows. */
export class Scatter {
  count = 0
  readonly #size: number
  readonly #lower: Float64Array

  constructor(size: number) {
    this.#size = size
    this.#lower = new Float64Array(size * size)
  }

  add(vector: Float64Array | Float32Array): void {
    this.count++
    const size = this.#size
    for (let row = 0; row < size; row++) {
      const value = vector[row]!
      if (value === 0) continue
      const start = row * size
      for (let column = 0; column <= row; column++) this.#lower[start + column]! += value * vector[column]!
    }
  }

  /** Σ x·xᵀ · scale, as rows. */
  toRows(scale: number): number[][] {
    const at = (row: number, column: number) => this.#lower[Math.max(row, column) * this.#size + Math.min(row, column)]!
    return Array.from({ length: this.#size }, (_, row) =>
      Array.from({ length: this.#size }, (__, column) => scale * at(row, column)),
    )
  }
}
