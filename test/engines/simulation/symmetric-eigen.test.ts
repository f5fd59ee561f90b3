import { expect } from 'chai'
import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { symmetricEigen } from '../../../src/engines/simulation/symmetric-eigen.js'
import { mulberry32 } from '../../support/random-vectors.js'

// Goal: eigenvalues and axes of symmetric matrices. Method: matrices whose axes are known, and another implementation (ml-matrix).
function symmetric(n: number, rank = n): Float64Array {
  const random = mulberry32(n)
  const rows = Array.from({ length: rank }, () => Array.from({ length: n }, () => random() - 0.5))
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n]
    return rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0)
  })
}

describe('symmetricEigen()', () => {
  it('finds 1 and 3 along the diagonals of [[2, 1], [1, 2]]', () => {
    const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2)
    expect([...values].map((value) => Number(value.toFixed(12)))).to.deep.equal([1, 3])
    expect(Math.abs(vectors[2]!)).to.be.closeTo(Math.SQRT1_2, 1e-12)
    expect(vectors[2]).to.be.closeTo(vectors[3]!, 1e-12) // (1, 1)/√2 belongs to 3
  })

  for (const { title, n, matrix } of [
    { title: 'a full matrix', n: 40, matrix: symmetric(40) },
    { title: 'one of rank 5', n: 30, matrix: symmetric(30, 5) },
    { title: 'a diagonal one', n: 4, matrix: Float64Array.from({ length: 16 }, (_, at) => (at % 5 === 0 ? at : 0)) },
    { title: 'a single number', n: 1, matrix: Float64Array.of(7) },
  ])
    it(`agrees with ml-matrix on ${title}, and its axes are orthonormal`, () => {
      const { values, vectors } = symmetricEigen(matrix, n)
      const other = new EigenvalueDecomposition(Matrix.from1DArray(n, n, [...matrix]), { assumeSymmetric: true })
      const expected = other.realEigenvalues.toSorted((a, b) => a - b)
      values.forEach((value, i) => expect(value).to.be.closeTo(expected[i]!, 1e-9))
      const row = (i: number) => vectors.subarray(i * n, (i + 1) * n)
      const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0)
      for (let i = 0; i < n; i++) {
        for (let j = 0; j <= i; j++) expect(dot(row(i), row(j))).to.be.closeTo(i === j ? 1 : 0, 1e-10)
        for (let j = 0; j < n; j++)
          expect(dot(matrix.subarray(j * n, (j + 1) * n), row(i))).to.be.closeTo(values[i]! * row(i)[j]!, 1e-9)
      }
    })
})
