import { Matrix, solve } from 'ml-matrix'

export interface Logistic {
  readonly bias: number
  readonly weights: readonly number[]
}

/** Penalty on the squared weights of standardised evidence, against a total weight of 1 of all rows. */
const RIDGE = 1e-4
const STEPS_MAX = 50
const STEP_MIN = 1e-9

/**
 * Logistic regression by Newton's method (iteratively reweighted least squares; Hastie, Tibshirani and Friedman, "The
 * elements of statistical learning", §4.4.1), mated and non-mated rows weighing the same in all.
 */
export function fitLogistic(mated: readonly Float64Array[], nonMated: readonly Float64Array[]): Logistic {
  const rows = [...mated, ...nonMated]
  const shares = rows.map((_, i) => (i < mated.length ? 0.5 / mated.length : 0.5 / nonMated.length))
  const { means, deviations } = moments(rows, shares)
  const size = means.length + 1
  const standardised = rows.map((row) => [1, ...Array.from(row, (value, k) => (value - means[k]!) / deviations[k]!)])
  let found = Matrix.zeros(size, 1)
  for (let step = 0; step < STEPS_MAX; step++) {
    const { gradient, hessian } = derivatives(standardised, shares, mated.length, found)
    const change = solve(hessian, gradient)
    found = Matrix.add(found, change)
    if (Math.max(...change.to1DArray().map(Math.abs)) < STEP_MIN) break
  }
  const weights = means.map((_, k) => found.get(k + 1, 0) / deviations[k]!)
  return { bias: weights.reduce((bias, weight, k) => bias - weight * means[k]!, found.get(0, 0)), weights }
}

function derivatives(rows: readonly number[][], shares: readonly number[], matedCount: number, found: Matrix) {
  const size = found.rows
  const gradient = Matrix.zeros(size, 1)
  const hessian = Matrix.zeros(size, size)
  const weights = found.to1DArray()
  rows.forEach((row, i) => {
    const probability = 1 / (1 + Math.exp(-row.reduce((sum, value, k) => sum + value * weights[k]!, 0)))
    const error = shares[i]! * ((i < matedCount ? 1 : 0) - probability)
    const curvature = shares[i]! * probability * (1 - probability)
    for (let k = 0; k < size; k++) {
      gradient.set(k, 0, gradient.get(k, 0) + error * row[k]!)
      for (let m = 0; m < size; m++) hessian.set(k, m, hessian.get(k, m) + curvature * row[k]! * row[m]!)
    }
  })
  for (let k = 1; k < size; k++) {
    gradient.set(k, 0, gradient.get(k, 0) - RIDGE * weights[k]!)
    hessian.set(k, k, hessian.get(k, k) + RIDGE)
  }
  return { gradient, hessian }
}

function moments(rows: readonly Float64Array[], shares: readonly number[]) {
  const size = rows[0]?.length ?? 0
  const mean = (of: (row: Float64Array) => number) => rows.reduce((sum, row, i) => sum + shares[i]! * of(row), 0)
  const means = Array.from({ length: size }, (_, k) => mean((row) => row[k]!))
  const deviations = means.map((centre, k) => Math.sqrt(mean((row) => (row[k]! - centre) ** 2)) || 1)
  return { means, deviations }
}
