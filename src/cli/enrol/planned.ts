import type { FingerPosition } from '../../domain/finger.js'
import { CliError } from '../failure.js'

/** A file to enrol. It is read when its turn comes. */
export interface PlannedSample {
  readonly path: string
  /** Null is a face image; `unknown` a fingerprint whose template may say which finger it is. */
  readonly finger: FingerPosition | null
}

/** One subject to enrol. */
export interface PlannedSubject {
  readonly subjectId: string
  readonly externalId: string
  readonly displayName: string
  readonly samples: readonly PlannedSample[]
}

export interface EnrolPlan {
  readonly subjects: readonly PlannedSubject[]
  /** Files that were passed over because their names are not those of samples. */
  readonly ignoredCount: number
}

/** Far above one border post's lists, and still a plan of a few hundred MB. */
export const SAMPLES_MAX = 1_000_000

export function tooMany(what: string, max: number): CliError {
  return new CliError('LIMIT_EXCEEDED', `more than ${max} ${what}`, { field: 'path' })
}
