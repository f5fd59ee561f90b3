import { CliError } from '../failure.js'

/** One subject to enrol. Images are paths: they are read when their turn comes. */
export interface PlannedSubject {
  readonly subjectId: string
  readonly externalId: string
  readonly displayName: string
  readonly imagePaths: readonly string[]
}

export interface EnrolPlan {
  readonly subjects: readonly PlannedSubject[]
  /** Files that were passed over because their names are not those of images. */
  readonly ignoredCount: number
}

/** Far above one border post's lists, and still a plan of a few hundred MB. */
export const IMAGES_MAX = 1_000_000

export function tooMany(what: string, max: number): CliError {
  return new CliError('LIMIT_EXCEEDED', `more than ${max} ${what}`, { field: 'path' })
}
