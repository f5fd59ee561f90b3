import { randomUUID } from 'node:crypto'
import { LIMITS } from '../../domain/limits.js'
import { BulkEnroller } from '../bulk-enroller.js'
import type { PortcullisClient } from '../client.js'
import { toCliError } from '../failure.js'
import { SubjectEnroller } from './subject-enroller.js'
import type { PlannedSubject } from './planned.js'
import type { EnrolReport, ImageOutcome, Problem } from './report.js'

/** Reasons for which the rest need not be tried: the service is gone. */
const ENDS_THE_RUN = new Set(['SERVER_UNREACHABLE', 'UNAVAILABLE', 'DEADLINE_EXCEEDED'])

/**
 * Enrols subjects, a few at a time; the images of one subject come one after another. So at most
 * `LIMITS.streamItemsInFlightMax` images are in memory at once. Each image is an encounter of its own: a poor picture
 * of a listed person must not keep the good ones off the list.
 * @param onImage called after each image
 */
export async function enrolSubjects(
  client: PortcullisClient,
  subjects: readonly PlannedSubject[],
  galleryIds: readonly string[],
  onImage: () => void = () => undefined,
): Promise<EnrolReport> {
  const bulk = new BulkEnroller(client)
  const enroller = new SubjectEnroller(client, bulk, galleryIds, randomUUID())
  const tally = new Tally(subjects.length)
  const queue = subjects.values()
  const work = async () => {
    for (const subject of queue) {
      const found = new Set<ImageOutcome>()
      for (const [i, image] of subject.imagePaths.entries()) {
        const outcome = tally.isOver ? tally.skip(subject, image) : await enrolOne(enroller, subject, i, tally)
        found.add(outcome)
        onImage()
      }
      if (!found.has('enrolled') && !found.has('already-there')) tally.subjectsWithoutImageCount += 1
    }
  }
  try {
    await Promise.all(Array.from({ length: LIMITS.streamItemsInFlightMax }, work))
  } finally {
    bulk.close()
  }
  return tally.report()
}

async function enrolOne(
  enroller: SubjectEnroller,
  subject: PlannedSubject,
  imageIndex: number,
  tally: Tally,
): Promise<ImageOutcome> {
  const image = subject.imagePaths[imageIndex] as string
  try {
    return tally.count(await enroller.enrolImage(subject, image))
  } catch (error) {
    return tally.problem(subject, image, error)
  }
}

const REFUSALS = new Set(['NO_FACE', 'NO_FINGER', 'MULTIPLE_FACES', 'QUALITY_TOO_LOW'])

/** Counts outcomes and keeps what went wrong. */
class Tally {
  readonly #counts: Record<ImageOutcome, number> = {
    enrolled: 0,
    'already-there': 0,
    refused: 0,
    failed: 0,
    'not-tried': 0,
  }
  readonly #problems: Problem[] = []
  readonly #subjectCount: number
  subjectsWithoutImageCount = 0
  isOver = false

  constructor(subjectCount: number) {
    this.#subjectCount = subjectCount
  }

  count(outcome: ImageOutcome): ImageOutcome {
    this.#counts[outcome] += 1
    return outcome
  }

  problem({ subjectId }: PlannedSubject, image: string, error: unknown): ImageOutcome {
    const { reason, message, reasons } = toCliError(error)
    const outcome = REFUSALS.has(reason) ? 'refused' : 'failed'
    if (ENDS_THE_RUN.has(reason)) this.isOver = true
    this.#problems.push({
      subjectId,
      image,
      outcome,
      reason,
      message: reasons.length > 0 ? reasons.join('; ') : message,
    })
    return this.count(outcome)
  }

  skip({ subjectId }: PlannedSubject, image: string): ImageOutcome {
    const message = 'the service went away before its turn; run the same command again'
    this.#problems.push({ subjectId, image, outcome: 'not-tried', reason: 'SERVER_UNREACHABLE', message })
    return this.count('not-tried')
  }

  report(): EnrolReport {
    const { subjectsWithoutImageCount } = this
    return {
      subjectCount: this.#subjectCount,
      subjectsWithoutImageCount,
      counts: this.#counts,
      problems: this.#problems,
    }
  }
}
