import type { NormalisedMinutiae } from '../../domain/finger.js'
import { CELL_COUNT, fillCylinder, SECTION_COUNT } from './cylinder.js'
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
  const ones = new Float32Array(DESCRIPTOR_LENGTH)
  addProjected(ones, cells.fill(1), model.projection)
  for (let i = 0; i < count; i++) {
    fillCylinder(minutiae, i, cells)
    const descriptor = descriptors.subarray(i * DESCRIPTOR_LENGTH, (i + 1) * DESCRIPTOR_LENGTH)
    addProjected(descriptor, cells, model.projection)
    subtractMean(descriptor, cells, ones)
    normalise(descriptor)
  }
  return descriptors
}

/** A place without neighbours has six zeros and costs nothing; the six of another one are added at once, so that each sum is loaded and stored once. */
function addProjected(out: Float32Array, cells: Float32Array, projection: Float32Array): void {
  for (let cell = 0; cell < cells.length; cell += SECTION_COUNT) {
    const v0 = cells[cell]!
    const v1 = cells[cell + 1]!
    const v2 = cells[cell + 2]!
    const v3 = cells[cell + 3]!
    const v4 = cells[cell + 4]!
    const v5 = cells[cell + 5]!
    if (v0 + v1 + v2 + v3 + v4 + v5 === 0) continue
    const row = cell * DESCRIPTOR_LENGTH
    for (let i = 0; i < DESCRIPTOR_LENGTH; i++) {
      const at = row + i
      out[i]! +=
        v0 * projection[at]! +
        v1 * projection[at + DESCRIPTOR_LENGTH]! +
        v2 * projection[at + 2 * DESCRIPTOR_LENGTH]! +
        v3 * projection[at + 3 * DESCRIPTOR_LENGTH]! +
        v4 * projection[at + 4 * DESCRIPTOR_LENGTH]! +
        v5 * projection[at + 5 * DESCRIPTOR_LENGTH]!
    }
  }
}

/**
 * So that the number of neighbours says less, and their arrangement more. The projection is linear: less the mean before it
 * is less the mean times the projection of ones after it.
 */
function subtractMean(descriptor: Float32Array, cells: Float32Array, ones: Float32Array): void {
  let sum = 0
  for (const cell of cells) sum += cell
  const mean = sum / cells.length
  for (let i = 0; i < descriptor.length; i++) descriptor[i]! -= mean * ones[i]!
}

function normalise(vector: Float32Array): void {
  let square = 0
  for (const value of vector) square += value * value
  if (square < 1e-12) return void vector.fill(0)
  const scale = 1 / Math.sqrt(square)
  for (let i = 0; i < vector.length; i++) vector[i]! *= scale
}
