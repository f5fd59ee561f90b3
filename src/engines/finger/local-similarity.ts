import { DescriptorCosines } from './descriptor-kernel.js'
import { COMPARED_MAX, type FingerFeatures } from './features.js'
import type { MinutiaPairs, OneToOne } from './one-to-one.js'

/** Neighbourhoods of two fingers reach this cosine by chance; below it a pair says nothing (FINGERPRINT.md, §2.5). */
const COSINE_MIN = 0.2

/**
 * How alike the neighbourhoods of each two minutiae are: 0 to 1.
 *
 * Minutiae whose directions differ by over 90° are no candidates and get 0: no finger is laid on a sensor turned that far,
 * and half the false candidates go.
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
    for (let i = 0; i < probe.count; i++) {
      const angle = probe.angleRad[i]!
      for (let j = 0; j < reference.count; j++) {
        const at = i * COMPARED_MAX + j
        const cosine = values[at]!
        const turn = Math.abs(angle - reference.angleRad[j]!)
        const isCandidate = cosine > COSINE_MIN && (turn <= Math.PI / 2 || turn >= (3 * Math.PI) / 2)
        // A cosine of float32 vectors of norm 1 may exceed 1 by rounding.
        values[at] = isCandidate ? Math.min(1, (cosine - COSINE_MIN) / (1 - COSINE_MIN)) : 0
      }
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
