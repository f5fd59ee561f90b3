import { symmetricEigen } from './symmetric-eigen.js'

/**
 * Templates as points of a normal distribution, drawn back to the unit sphere: its mean and covariance are those of real templates of
 * different people. Along its own axes the numbers are independent, so that a template is drawn in as many steps as it has features.
 */
export interface TemplateModel {
  readonly featureCount: number
  /** Row i is axis i. */
  readonly axes: Float64Array
  /** Of the mean, along each axis. */
  readonly mean: Float64Array
  /** Standard deviation along each axis. */
  readonly deviations: Float64Array
}

/** @param templates of different people, two at least, of one length */
export function fitTemplates(templates: readonly Float32Array[]): TemplateModel {
  const featureCount = templates[0]!.length
  const centre = new Float64Array(featureCount)
  for (const template of templates) for (let i = 0; i < featureCount; i++) centre[i]! += template[i]! / templates.length
  const { values, vectors } = symmetricEigen(covariance(templates, centre), featureCount)
  return {
    featureCount,
    axes: vectors,
    mean: alongAxes(vectors, centre),
    deviations: values.map((value) => Math.sqrt(Math.max(0, value))), // rounding may leave −1e-18
  }
}

/** The same vector, told along the axes. */
export function alongAxes(axes: Float64Array, vector: ArrayLike<number>): Float64Array {
  const n = vector.length
  return Float64Array.from({ length: n }, (_, axis) => {
    let sum = 0
    for (let i = 0, at = axis * n; i < n; i++, at++) sum += axes[at]! * vector[i]!
    return sum
  })
}

function covariance(templates: readonly Float32Array[], centre: Float64Array): Float64Array {
  const n = centre.length
  const sums = new Float64Array(n * n)
  const from = new Float64Array(n)
  for (const template of templates) {
    for (let i = 0; i < n; i++) from[i] = template[i]! - centre[i]!
    for (let i = 0; i < n; i++)
      for (let j = 0, at = i * n, value = from[i]!; j <= i; j++, at++) sums[at]! += value * from[j]!
  }
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) sums[j * n + i] = sums[i * n + j] = sums[i * n + j]! / (templates.length - 1)
  return sums
}
