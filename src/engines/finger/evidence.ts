import { Alignment, DIRECTION_TOLERANCE_RAD, PLACE_TOLERANCE_PX, wrap } from './alignment.js'
import { COMPARED_MAX, type FingerFeatures } from './features.js'
import { isInside } from './hull.js'
import { measureSimilarity } from './local-similarity.js'
import { MinutiaPairs, OneToOne } from './one-to-one.js'
import { Relaxation } from './relaxation.js'

/** What the decision rests on, in the order of the trained weights. */
export const EVIDENCE_NAMES = [
  'relaxed',
  'logRelaxed',
  'pairCount',
  'pairShare',
  'pairShareOfMost',
  'placeError',
  'directionError',
  'softCount',
  'typeAgreement',
  'similarity',
] as const

/** Alignments that are tried: from the pair that the others support most, and from the next one. */
const SEED_COUNT = 2
/** A minutia this far outside the other's hull may still have its mate at the hull's rim. */
const HULL_MARGIN_PX = PLACE_TOLERANCE_PX
/** Keeps the logarithm finite where nothing is alike. */
const RELAXED_MIN = 1e-4

/**
 * Finds what speaks for one finger behind two impressions. Holds the work space of one comparison at a time
 * (about 110 kB), so that comparing allocates nothing.
 */
export class EvidenceFinder {
  readonly values = new Float64Array(EVIDENCE_NAMES.length)
  readonly #similarity = new Float32Array(COMPARED_MAX * COMPARED_MAX)
  readonly #oneToOne = new OneToOne()
  readonly #candidates = new MinutiaPairs()
  readonly #relaxation = new Relaxation()
  #alignment = new Alignment()
  #other = new Alignment()

  /** `similarity → one to one → relaxation → alignment → evidence`, into `values`. Returns false where nothing is alike. */
  find(probe: FingerFeatures, reference: FingerFeatures): boolean {
    measureSimilarity(probe, reference, this.#similarity)
    this.#assign(probe, reference)
    if (this.#candidates.count === 0) return false
    const relaxed = this.#relaxation.relax(probe, reference, this.#candidates)
    this.#align(probe, reference)
    this.values[0] = relaxed
    this.values[1] = Math.log(relaxed + RELAXED_MIN)
    this.#count(probe, reference)
    this.#measure(probe, reference)
    return true
  }

  #assign(probe: FingerFeatures, reference: FingerFeatures): void {
    this.#oneToOne.clear()
    for (let i = 0; i < probe.count; i++)
      for (let j = 0; j < reference.count; j++) {
        const similarity = this.#similarity[i * COMPARED_MAX + j]!
        if (similarity > 0) this.#oneToOne.offer(i, j, similarity)
      }
    this.#oneToOne.assign(this.#candidates)
  }

  /** Keeps the alignment under which more lies on each other. */
  #align(probe: FingerFeatures, reference: FingerFeatures): void {
    const seeds = this.#relaxation.bySupport
    this.#alignment.alignAt(seeds[0]!, this.#candidates, this.#relaxation, probe, reference)
    for (let i = 1; i < Math.min(SEED_COUNT, this.#candidates.count); i++) {
      this.#other.alignAt(seeds[i]!, this.#candidates, this.#relaxation, probe, reference)
      if (this.#other.total <= this.#alignment.total) continue
      const better = this.#other
      this.#other = this.#alignment
      this.#alignment = better
    }
  }

  /** Pairs, against the minutiae that could have been paired: those within the other impression. */
  #count(probe: FingerFeatures, reference: FingerFeatures): void {
    const { motion, pairs } = this.#alignment
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
    const count = pairs.count
    const probePossible = Math.max(probeInside, count, 1)
    const referencePossible = Math.max(referenceInside, count, 1)
    this.values[2] = count
    this.values[3] = count / Math.sqrt(probePossible * referencePossible)
    this.values[4] = count / Math.max(probePossible, referencePossible)
  }

  /** How well the pairs agree, in their means; the middle of the range where there is none. */
  #measure(probe: FingerFeatures, reference: FingerFeatures): void {
    const { motion, pairs } = this.#alignment
    const turn = Math.atan2(motion.sine, motion.cosine)
    let [place, direction, soft, sameType, similarity] = [0, 0, 0, 0, 0]
    for (let t = 0; t < pairs.count; t++) {
      const i = pairs.probe[t]!
      const j = pairs.reference[t]!
      const dx = motion.cosine * probe.x[i]! - motion.sine * probe.y[i]! + motion.shiftX - reference.x[j]!
      const dy = motion.sine * probe.x[i]! + motion.cosine * probe.y[i]! + motion.shiftY - reference.y[j]!
      const away = Math.sqrt(dx * dx + dy * dy) / PLACE_TOLERANCE_PX
      const apart = Math.abs(wrap(probe.angleRad[i]! + turn - reference.angleRad[j]!)) / DIRECTION_TOLERANCE_RAD
      place += away
      direction += apart
      soft += (1 - away) * (1 - apart)
      if (probe.type[i] === reference.type[j]) sameType++
      similarity += this.#similarity[i * COMPARED_MAX + j]!
    }
    const count = pairs.count
    this.values[5] = count > 0 ? place / count : 0.5
    this.values[6] = count > 0 ? direction / count : 0.5
    this.values[7] = soft
    this.values[8] = count > 0 ? sameType / count : 0.5
    this.values[9] = similarity
  }
}
