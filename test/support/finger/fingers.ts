import type { IndexedFinger } from '../../../src/domain/finger-search.js'
import type { NormalisedMinutiae } from '../../../src/domain/finger.js'
import { CELL_COUNT } from '../../../src/engines/finger/cylinder.js'
import { EVIDENCE_NAMES } from '../../../src/engines/finger/evidence.js'
import { DESCRIPTOR_LENGTH, type FingerModel } from '../../../src/engines/finger/model.js'
import { mulberry32 } from '../random-vectors.js'

/** Seeded minutiae spread evenly over an impression of 250 × 350 px: a finger of nobody. */
export function randomMinutiae(seed: number, count: number): NormalisedMinutiae {
  const next = mulberry32(seed)
  return {
    x: Float32Array.from({ length: count }, () => Math.round(250 * next())),
    y: Float32Array.from({ length: count }, () => Math.round(350 * next())),
    angleRad: Float32Array.from({ length: count }, () => 2 * Math.PI * next()),
    type: Uint8Array.from({ length: count }, () => 1 + Math.floor(2 * next())),
    quality: Uint8Array.from({ length: count }, () => 40 + Math.floor(60 * next())),
  }
}

/** Another impression of the same finger: turned by 0.2 rad, each minutia up to 2 px and 0.1 rad off, one in eight missing. */
export function anotherImpression(minutiae: NormalisedMinutiae, seed: number): NormalisedMinutiae {
  const next = mulberry32(seed)
  const off = (size: number) => size * (2 * next() - 1)
  const kept = [...minutiae.x.keys()].filter((i) => i % 8 !== seed % 8)
  const [cosine, sine] = [Math.cos(0.2), Math.sin(0.2)]
  return {
    x: Float32Array.from(kept, (i) => cosine * minutiae.x[i]! - sine * minutiae.y[i]! + off(2)),
    y: Float32Array.from(kept, (i) => sine * minutiae.x[i]! + cosine * minutiae.y[i]! + off(2)),
    angleRad: Float32Array.from(kept, (i) => {
      const angle = minutiae.angleRad[i]! + 0.2 + off(0.1)
      return angle - 2 * Math.PI * Math.floor(angle / (2 * Math.PI))
    }),
    type: Uint8Array.from(kept, (i) => minutiae.type[i]!),
    quality: Uint8Array.from(kept, (i) => minutiae.quality[i]!),
  }
}

/**
 * A model without training: random projections keep angles about as they are (Johnson and Lindenstrauss, 1984). The evidence
 * is the relaxed similarity and the number of pairs; scores are a straight line of it.
 */
export function untrainedModel(): FingerModel {
  const next = mulberry32(1)
  const weights = new Float64Array(EVIDENCE_NAMES.length)
  weights[EVIDENCE_NAMES.indexOf('relaxed')] = 20
  weights[EVIDENCE_NAMES.indexOf('pairCount')] = 0.5
  return {
    descriptorVersion: 'untrained',
    projection: Float32Array.from({ length: CELL_COUNT * DESCRIPTOR_LENGTH }, () => next() + next() + next() - 1.5),
    evidence: { bias: 0, weights },
    calibration: { logOdds: Float64Array.of(0, 60), score: Float64Array.of(0, 12) },
  }
}

/** References 1, 2, …: `count` fingers of 30 minutiae, positions by turns, tags 0 to 2. */
export function fingerReferences(count: number): readonly IndexedFinger[] {
  const positions = ['right-thumb', 'left-index', 'unknown', 'right-index'] as const
  return Array.from({ length: count }, (_, n) => ({
    referenceId: n + 1,
    position: positions[n % 4]!,
    tag: n % 3,
    minutiae: randomMinutiae(1_000 + n, 30),
  }))
}
