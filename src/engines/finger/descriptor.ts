import type { NormalisedMinutiae } from '../../domain/finger.js'
import { CELL_COUNT, fillCylinder } from './cylinder.js'
import { DESCRIPTOR_LENGTH, type FingerModel } from './model.js'

/**
 * A descriptor of each of the first `count` minutiae: its cylinder less its mean, through the projection, at norm 1.
 *
 * Shape: count × DESCRIPTOR_LENGTH, row by row. The dot product of two rows is their similarity, −1 to 1.
 *        A minutia without neighbours within reach has a row of zeros: it is like nothing.
 */
export function describeMinutiae(minutiae: NormalisedMinutiae, count: number, model: FingerModel): Float32Array {
  const descriptors = new Float32Array(count * DESCRIPTOR_LENGTH)
  const cells = new Float32Array(CELL_COUNT)
  for (let i = 0; i < count; i++) {
    fillCylinder(minutiae, i, cells)
    const descriptor = descriptors.subarray(i * DESCRIPTOR_LENGTH, (i + 1) * DESCRIPTOR_LENGTH)
    subtractMean(cells)
    project(cells, model.projection, descriptor)
    normalise(descriptor)
  }
  return descriptors
}

/** So that the number of neighbours says less, and their arrangement more. */
function subtractMean(cells: Float32Array): void {
  let sum = 0
  for (const cell of cells) sum += cell
  const mean = sum / cells.length
  for (let i = 0; i < cells.length; i++) cells[i]! -= mean
}

function project(cells: Float32Array, projection: Float32Array, out: Float32Array): void {
  for (let cell = 0; cell < cells.length; cell++) {
    const value = cells[cell]!
    const row = cell * DESCRIPTOR_LENGTH
    for (let i = 0; i < DESCRIPTOR_LENGTH; i++) out[i]! += value * projection[row + i]!
  }
}

function normalise(vector: Float32Array): void {
  let square = 0
  for (const value of vector) square += value * value
  if (square < 1e-12) return void vector.fill(0)
  const scale = 1 / Math.sqrt(square)
  for (let i = 0; i < vector.length; i++) vector[i]! *= scale
}
