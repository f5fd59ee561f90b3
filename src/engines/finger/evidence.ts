import type { Alignment } from './alignment.js'
import { wrap } from './angles.js'
import { Compatibility } from './compatibility.js'
import { COMPARED_MAX, type FingerFeatures } from './features.js'
import { isInside } from './hull.js'
import { DIRECTION_TOLERANCE_RAD, PLACE_TOLERANCE_PX } from './pairing.js'

/** What the decision rests on, in the order of the trained weights. */
export const EVIDENCE_NAMES = [
  'relaxed', // LSA-R score
  'logRelaxed',
  'pairCount',
  'pairShare', // of the minutiae that lie within the other impression
  'placeError', // mean, 0 to 1 of the tolerance
  'directionError', // mean, 0 to 1 of the tolerance
  'softCount', // pairs, each by how well it agrees
  'typeAgreement', // share of pairs of one type
  'logSimilarity', // of the sum of the pairs' local similarities
  'logAgreeing', // of the sum of compatibility over every two pairs
  'meanAgreeing',
] as const

/** A minutia this far outside the other's hull may still have its mate at the hull's rim. */
const HULL_MARGIN_PX = PLACE_TOLERANCE_PX
/** Keep logarithms finite; about the least values that are seen. */
const RELAXED_MIN = 1e-4
const SIMILARITY_MIN = 0.1

/** What one alignment says for one finger behind both impressions. */
export class Evidence {
  readonly values = new Float64Array(EVIDENCE_NAMES.length)
  readonly #compatibility = new Compatibility()
  #placeError = 0
  #directionError = 0
  #softCount = 0
  #sameTypeCount = 0
  #similarity = 0

  /** @param similarity of every two minutiae: row (probe) by row, COMPARED_MAX columns */
  gather(
    probe: FingerFeatures,
    reference: FingerFeatures,
    relaxed: number,
    alignment: Alignment,
    similarity: Float32Array,
  ): void {
    const { pairs } = alignment
    const count = pairs.count
    this.#sum(probe, reference, alignment, similarity)
    const agreeing = this.#compatibility.measure(probe, reference, pairs)
    const { values } = this
    values[0] = relaxed
    values[1] = Math.log(relaxed + RELAXED_MIN)
    values[2] = count
    values[3] = count / possibleCount(probe, reference, alignment)
    values[4] = count > 0 ? this.#placeError / count : 0.5
    values[5] = count > 0 ? this.#directionError / count : 0.5
    values[6] = this.#softCount
    values[7] = count > 0 ? this.#sameTypeCount / count : 0.5
    values[8] = Math.log(this.#similarity + SIMILARITY_MIN)
    values[9] = Math.log(1 + agreeing)
    values[10] = count > 1 ? (2 * agreeing) / (count * (count - 1)) : 0
  }

  #sum(probe: FingerFeatures, reference: FingerFeatures, alignment: Alignment, similarity: Float32Array): void {
    const { pairs, placement } = alignment
    this.#placeError = 0
    this.#directionError = 0
    this.#softCount = 0
    this.#sameTypeCount = 0
    this.#similarity = 0
    for (let t = 0; t < pairs.count; t++) {
      const i = pairs.probe[t]!
      const j = pairs.reference[t]!
      const dx = placement.x[i]! - reference.x[j]!
      const dy = placement.y[i]! - reference.y[j]!
      const place = Math.sqrt(dx * dx + dy * dy) / PLACE_TOLERANCE_PX
      const direction = Math.abs(wrap(placement.angleRad[i]! - reference.angleRad[j]!)) / DIRECTION_TOLERANCE_RAD
      this.#placeError += place
      this.#directionError += direction
      this.#softCount += (1 - place) * (1 - direction)
      if (probe.type[i] === reference.type[j]) this.#sameTypeCount++
      this.#similarity += similarity[i * COMPARED_MAX + j]!
    }
  }
}

/** Pairs that there could be: the geometric mean of how many minutiae of each lie within the other. At least 1. */
function possibleCount(probe: FingerFeatures, reference: FingerFeatures, { motion, pairs }: Alignment): number {
  const { cosine, sine, shiftX, shiftY } = motion
  let probeInside = 0
  for (let i = 0; i < probe.count; i++) {
    const x = cosine * probe.x[i]! - sine * probe.y[i]! + shiftX
    const y = sine * probe.x[i]! + cosine * probe.y[i]! + shiftY
    if (isInside(reference.hull, x, y, HULL_MARGIN_PX)) probeInside++
  }
  let referenceInside = 0
  for (let j = 0; j < reference.count; j++) {
    const dx = reference.x[j]! - shiftX
    const dy = reference.y[j]! - shiftY
    if (isInside(probe.hull, cosine * dx + sine * dy, cosine * dy - sine * dx, HULL_MARGIN_PX)) referenceInside++
  }
  return Math.sqrt(Math.max(probeInside, pairs.count, 1) * Math.max(referenceInside, pairs.count, 1))
}
