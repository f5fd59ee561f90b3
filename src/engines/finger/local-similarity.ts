import { DescriptorCosines } from './descriptor-kernel.js'
import { COMPARED_MAX, type FingerFeatures } from './features.js'
import type { MinutiaPairs, OneToOne } from './one-to-one.js'

/** Neighbourhoods of two fingers reach this cosine by chance; below it a pair says nothing (FINGERPRINT.md, §2.5). */
const COSINE_MIN = 0.2

/**
 * How alike the neighbourhoods of each two minutiae are: 0 to 1.
 *
 * Directions are not compared here: pairs that need another turn than the rest are what relaxation is for, and so the score
 * is the same however the finger lies on the sensor.
 */
export class LocalSimilarity {
  /** Row (probe) by row, COMPARED_MAX columns. */
  readonly values: Float32Array
  readonly #cosines = new DescriptorCosines()

  constructor() {
    this.values = this.#cosines.values
  }

  measure(probe: FingerFeatures, reference: FingerFeatures): void {
    this.#cosines.measure(probe.descriptors, reference.descriptors)
    const { values } = this
    for (let i = 0; i < probe.count; i++)
      for (let j = 0; j < reference.count; j++) {
        const cosine = values[i * COMPARED_MAX + j]!
        // A cosine of float32 vectors of norm 1 may exceed 1 by rounding.
        values[i * COMPARED_MAX + j] = Math.max(0, Math.min(1, (cosine - COSINE_MIN) / (1 - COSINE_MIN)))
      }
  }

  /** The most alike first, each minutia once, into `pairs`. */
  assign(probe: FingerFeatures, reference: FingerFeatures, oneToOne: OneToOne, pairs: MinutiaPairs): void {
    oneToOne.clear()
    for (let i = 0; i < probe.count; i++)
      for (let j = 0; j < reference.count; j++) {
        const similarity = this.values[i * COMPARED_MAX + j]!
        if (similarity > 0) oneToOne.offer(i, j, similarity)
      }
    oneToOne.assign(pairs)
  }
}
