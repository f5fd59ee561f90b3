import { DomainError } from './errors.js'

/**
 * Facial features ready for comparison (a biometric template, ISO/IEC 2382-37).
 *
 * Shape:  `features` holds as many float32 values as its space says, Euclidean norm 1 ± 1e-3.
 * Unit:   none; a direction, so the dot product of two templates is their comparison score (a cosine).
 * Source: the recogniser or ensemble named by `algorithm`, see models/manifest.json.
 *
 * Templates of different algorithms live in different spaces and are never compared.
 */
export interface FaceTemplate {
  /** "<space id>@<first 12 hex digits of the sha256 over its models, weights and preprocessing version>" */
  readonly algorithm: string
  readonly features: Float32Array
}

/**
 * Compares two templates of one space.
 * @returns the comparison score: cosine, −1 to 1, greater is more alike
 * @throws DomainError MODEL_MISMATCH when the spaces differ
 */
export function compare(probe: FaceTemplate, reference: FaceTemplate): number {
  if (probe.algorithm !== reference.algorithm || probe.features.length !== reference.features.length)
    throw new DomainError('MODEL_MISMATCH', `a template of ${reference.algorithm}`, `one of ${probe.algorithm}`)
  return dot(probe.features, reference.features)
}

/** Σ aᵢ·bᵢ over arrays of one length, summed in float64. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}

/** @throws DomainError INVALID_ARGUMENT unless all values are finite and the norm is 1 ± 1e-3 */
export function checkFeatures(features: Float32Array, featureCount: number): void {
  if (features.length !== featureCount)
    throw new DomainError('INVALID_ARGUMENT', `${featureCount} features`, `${features.length}`)
  const norm = Math.sqrt(dot(features, features))
  if (!(Math.abs(norm - 1) <= 1e-3)) throw new DomainError('INVALID_ARGUMENT', 'a norm of 1 ± 0.001', String(norm))
}
