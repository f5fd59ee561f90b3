import { distance, interEyeDistancePx, intersectionOverUnion, type DetectedFace } from '../../../src/domain/face.js'
import type { RgbImage } from '../../../src/domain/image.js'
import { chooseFaces } from '../../../src/engines/face/choose.js'

/** Two boxes that share this much are the same face: the measure. */
const OVERLAP_MIN = 0.5

export interface Agreement {
  /** Intersection over union with the best box; 0 where none is found. */
  readonly overlap: number
  /** Mean distance of the five landmarks over the reference's inter-eye distance; null where the face is not found. */
  readonly landmarkError: number | null
}

/** The face nearest to the image's middle; null where there is none. */
export function centralFace(faces: readonly DetectedFace[], image: RgbImage): DetectedFace | null {
  const choice = chooseFaces(faces, image, 'most-central')
  return 'refusal' in choice ? null : (faces[choice.indexes[0]!] ?? null)
}

/** How well the best of `faces` agrees with a reference. */
export function agreement(reference: DetectedFace, faces: readonly DetectedFace[]): Agreement {
  const overlaps = faces.map((face) => intersectionOverUnion(face.box, reference.box))
  const overlap = Math.max(0, ...overlaps)
  if (overlap < OVERLAP_MIN) return { overlap, landmarkError: null }
  const face = faces[overlaps.indexOf(overlap)]!
  const apart = face.landmarks.map((point, j) => distance(point, reference.landmarks[j]!))
  const mean = apart.reduce((sum, px) => sum + px, 0) / apart.length
  return { overlap, landmarkError: mean / interEyeDistancePx(reference) }
}

/** Shares and quantiles of many agreements, for a table. */
export function summarise(all: readonly Agreement[]) {
  const errors = all.flatMap(({ landmarkError }) => landmarkError ?? []).toSorted((a, b) => a - b)
  const overlaps = all.map(({ overlap }) => overlap).toSorted((a, b) => a - b)
  return {
    faces: all.length,
    found: rounded(errors.length / all.length),
    medianOverlap: rounded(quantile(overlaps, 0.5)),
    medianLandmarkError: rounded(quantile(errors, 0.5)),
    p90LandmarkError: rounded(quantile(errors, 0.9)),
  }
}

function quantile(ascending: readonly number[], share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? NaN
}

export function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4
}
