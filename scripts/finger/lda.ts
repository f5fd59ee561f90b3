import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import type { Scatter } from './scatter.js'

/** Added to the within-class scatter's diagonal, as a share of its mean (FINGERPRINT.md, §2.3): directions hardly ever seen to vary are not trusted. */
const RIDGE = 0.02

/**
 * Linear discriminant analysis (Fisher; Fukunaga, "Introduction to statistical pattern recognition", §10.2): the
 * directions in which classes differ most for the spread within them.
 * @param total scatter of all vectors around their mean, and `within` scatter around the class means; each per vector
 * @returns vector length × `count`, row by row; directions by falling separation
 */
export function discriminants(total: Matrix, within: Matrix, count: number): Matrix {
  const ridge = (RIDGE * within.trace()) / within.rows
  const whitening = inverseRoot(Matrix.add(within, Matrix.eye(within.rows).mul(ridge)))
  const between = Matrix.sub(total, within)
  const { vectors } = symmetricEigen(whitening.transpose().mmul(between).mmul(whitening))
  return whitening.mmul(vectors.subMatrix(0, vectors.rows - 1, 0, count - 1))
}

export function scatterMatrix(scatter: Scatter, scale: number): Matrix {
  return new Matrix(scatter.toRows(scale))
}

/** W with Wᵀ·S·W = 1. */
function inverseRoot(symmetric: Matrix): Matrix {
  const { values, vectors } = symmetricEigen(symmetric)
  const roots = values.map((value) => 1 / Math.sqrt(value))
  return vectors.mulRowVector(roots)
}

/** Greatest eigenvalue first; each vector's sign such that its greatest component is positive: solvers differ in it. */
function symmetricEigen(symmetric: Matrix): { values: number[]; vectors: Matrix } {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(symmetric, { assumeSymmetric: true })
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!)
  const vectors = eigenvectorMatrix.subMatrixColumn(order)
  for (let column = 0; column < vectors.columns; column++) {
    const values = vectors.getColumn(column)
    const greatest = values.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0)
    if (greatest < 0) vectors.mulColumn(column, -1)
  }
  return { values: order.map((i) => realEigenvalues[i]!), vectors }
}
