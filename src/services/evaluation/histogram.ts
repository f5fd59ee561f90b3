/** Counts of scores in bins of one width. Scores outside fall into the first or the last bin; −Infinity is not counted. */
export class ScoreHistogram {
  readonly counts: Float64Array
  readonly #min: number
  readonly #width: number

  /** @param range of the scores, least and greatest; a bin holds its lower edge */
  constructor([min, max]: readonly [number, number], binCount: number) {
    this.counts = new Float64Array(binCount)
    this.#min = min
    this.#width = (max - min) / binCount
  }

  add(score: number): void {
    if (score === -Infinity) return
    const bin = Math.floor((score - this.#min) / this.#width)
    this.counts[Math.min(this.counts.length - 1, Math.max(0, bin))]!++
  }

  get total(): number {
    return this.counts.reduce((sum, count) => sum + count, 0)
  }

  /** Middle of each bin, and its share of all. */
  shares(): readonly (readonly [score: number, share: number])[] {
    const total = Math.max(1, this.total)
    return Array.from(this.counts, (count, bin) => [this.#min + (bin + 0.5) * this.#width, count / total] as const)
  }
}
