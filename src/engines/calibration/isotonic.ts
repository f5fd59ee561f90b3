/** A run of neighbours whose weighted mean replaces them. */
export interface Block {
  /** Of the input's values. */
  readonly startIndex: number
  readonly count: number
  readonly mean: number
}

/**
 * The non-decreasing sequence nearest to the values in weighted squares: neighbours that fall are pooled until none does (pool
 * adjacent violators; M. Ayer et al., "An empirical distribution function for sampling with incomplete information", 1955).
 */
export function poolAdjacentViolators(values: ArrayLike<number>, weights: ArrayLike<number>): readonly Block[] {
  const blocks: { startIndex: number; count: number; mean: number; weight: number }[] = []
  for (let i = 0; i < values.length; i++) {
    blocks.push({ startIndex: i, count: 1, mean: values[i]!, weight: weights[i]! })
    for (
      let [before, last] = blocks.slice(-2);
      before && last && before.mean >= last.mean;
      [before, last] = blocks.slice(-2)
    ) {
      const weight = before.weight + last.weight
      before.mean = (before.mean * before.weight + last.mean * last.weight) / weight
      before.weight = weight
      before.count += last.count
      blocks.pop()
    }
  }
  return blocks
}
