import type { FingerFeatures } from './features.js'
import { COMPARED_MAX } from './features.js'
import { DESCRIPTOR_LENGTH } from './model.js'

/** Neighbourhoods of two fingers reach this cosine by chance; below it a pair says nothing (FINGERPRINT.md, §2.5). */
const COSINE_MIN = 0.2

/**
 * How alike the neighbourhoods of each two minutiae are: 0 to 1, row (probe) by row with COMPARED_MAX columns.
 *
 * Minutiae whose directions differ by over 90° are no candidates and get 0: no finger is laid on a sensor turned that
 * far, and half the work and half the false candidates go.
 */
export function measureSimilarity(probe: FingerFeatures, reference: FingerFeatures, similarity: Float32Array): void {
  const a = probe.descriptors
  const b = reference.descriptors
  for (let i = 0; i < probe.count; i++) {
    const angle = probe.angleRad[i]!
    const row = i * DESCRIPTOR_LENGTH
    for (let j = 0; j < reference.count; j++) {
      const turn = Math.abs(angle - reference.angleRad[j]!)
      const isCandidate = turn <= Math.PI / 2 || turn >= (3 * Math.PI) / 2
      const cosine = isCandidate ? dotRows(a, row, b, j * DESCRIPTOR_LENGTH) : 0
      similarity[i * COMPARED_MAX + j] = cosine > COSINE_MIN ? (cosine - COSINE_MIN) / (1 - COSINE_MIN) : 0
    }
  }
}

/** Four sums at once: the processor adds them side by side. */
function dotRows(a: Float32Array, atA: number, b: Float32Array, atB: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0]
  for (let i = 0; i < DESCRIPTOR_LENGTH; i += 4) {
    s0 += a[atA + i]! * b[atB + i]!
    s1 += a[atA + i + 1]! * b[atB + i + 1]!
    s2 += a[atA + i + 2]! * b[atB + i + 2]!
    s3 += a[atA + i + 3]! * b[atB + i + 3]!
  }
  return s0 + s1 + (s2 + s3)
}
