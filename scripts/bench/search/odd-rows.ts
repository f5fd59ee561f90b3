/** Rows of each kind at the end of every set. */
const EACH = 16
/** Below float32's normal numbers. */
const SUBNORMAL = 1e-40
export const ODD_ROW_COUNT = 5 * EACH

/**
 * Rows that a scan in eight bits, or a graph, is most likely to get wrong: copies of one row (ties), the same negated, rows with all
 * their length in one feature (they clip), rows that differ from another in the sixth digit, and rows with one great feature among
 * subnormal ones.
 */
export function writeOddRows(rows: Float32Array, count: number, featureCount: number): void {
  const row = (index: number) => rows.subarray(index * featureCount, (index + 1) * featureCount)
  const first = count - ODD_ROW_COUNT
  for (let i = 0; i < EACH; i++) {
    row(first + i).set(row(0))
    row(first + EACH + i).set(row(0).map((value) => -value))
    row(first + 2 * EACH + i).set(unitAxis(i, featureCount))
    row(first + 3 * EACH + i).set(row(1))
    row(first + 3 * EACH + i)[i]! += 1e-6 * (i + 1)
    row(first + 4 * EACH + i).fill(SUBNORMAL)[featureCount - 1 - i] = i % 2 === 0 ? 1 : -1
  }
}

/** All length in one feature. */
export function unitAxis(axis: number, featureCount: number): Float32Array {
  const values = new Float32Array(featureCount)
  values[axis] = 1
  return values
}
