import { CELL_COUNT, fillCylinder } from '../../src/engines/finger/cylinder.js'
import { DESCRIPTOR_LENGTH } from '../../src/engines/finger/model.js'
import { randomFrom } from '../samples/random.js'
import { randomFinger } from './finger.js'
import { randomImpression, type SyntheticImpression } from './impression.js'
import { discriminants, scatterMatrix } from './lda.js'
import { Scatter } from './scatter.js'

/**
 * The projection of cylinders: each minutia of the skin is a class, its cylinders in two impressions are the class's
 * members, and the projection keeps what tells classes apart.
 * @returns CELL_COUNT × DESCRIPTOR_LENGTH, row by row, the greatest magnitude 1
 */
export function trainProjection(seed: string, fingerCount: number): Float32Array {
  const total = new Scatter(CELL_COUNT)
  const within = new Scatter(CELL_COUNT)
  const sum = new Float64Array(CELL_COUNT)
  for (let finger = 0; finger < fingerCount; finger++)
    for (const [first, second] of twoImpressions(`${seed}/${finger}`)) {
      const half = first.map((value, cell) => (value - second[cell]!) / 2)
      within.add(half)
      for (const cells of [first, second]) {
        total.add(cells)
        cells.forEach((value, cell) => (sum[cell]! += value))
      }
    }
  const mean = new Scatter(CELL_COUNT)
  mean.add(sum.map((value) => value / total.count))
  // Two members at ± half around their mean: the within-class scatter per vector is half·halfᵀ.
  const aroundMean = scatterMatrix(total, 1 / total.count).sub(scatterMatrix(mean, 1))
  const directions = discriminants(aroundMean, scatterMatrix(within, 1 / within.count), DESCRIPTOR_LENGTH)
  const greatest = Math.max(...directions.to1DArray().map(Math.abs))
  return Float32Array.from(directions.to1DArray(), (value) => value / greatest)
}

/** The cylinders of every minutia that both of two impressions show, less their mean. */
function twoImpressions(seed: string): readonly (readonly [Float32Array, Float32Array])[] {
  const random = randomFrom(seed)
  const finger = randomFinger(random)
  const [a, b] = [randomImpression(finger, random), randomImpression(finger, random)]
  const inB = new Map([...b.skinIndexes].map((skinIndex, i) => [skinIndex, i]))
  return [...a.skinIndexes].flatMap((skinIndex, i) => {
    const j = skinIndex < 0 ? undefined : inB.get(skinIndex)
    return j === undefined ? [] : [[cylinder(a, i), cylinder(b, j)] as const]
  })
}

function cylinder({ minutiae }: SyntheticImpression, index: number): Float32Array {
  const cells = new Float32Array(CELL_COUNT)
  fillCylinder(minutiae, index, cells)
  const mean = cells.reduce((sum, cell) => sum + cell, 0) / CELL_COUNT
  return cells.map((cell) => cell - mean)
}
