import { randomUUID } from 'node:crypto'
import { LIMITS } from '../../domain/limits.js'
import { BulkEnroller } from '../bulk-enroller.js'
import type { PortcullisClient } from '../client.js'
import { toCliError } from '../failure.js'
import { SubjectEnroller } from './subject-enroller.js'
import type { FingerReading } from '../fingers/read-finger.js'
import type { PlannedSample, PlannedSubject } from './planned.js'
import type { EnrolReport, ImageOutcome, Problem } from './report.js'

/** Reasons for which the rest need not be tried: the service is gone. */
const ENDS_THE_RUN = new Set(['SERVER_UNREACHABLE', 'UNAVAILABLE', 'DEADLINE_EXCEEDED'])

/** How samples are enrolled. */
export interface EnrolSettings {
  readonly galleryIds: readonly string[]
  readonly fingerReading: FingerReading
  /** Called after each sample. */
  readonly onSample?: () => void
}

/**
 * Enrols subjects, a few at a time; the samples of one subject come one after another. So at most
 * `LIMITS.streamItemsInFlightMax` samples are in memory at once. Each sample is an encounter of its own: a poor picture
 * of a listed person must not keep the good ones off the list.
 */
export async function enrolSubjects(
  client: PortcullisClient,
  subjects: readonly PlannedSubject[],
  { galleryIds, fingerReading, onSample }: EnrolSettings,
): Promise<EnrolReport> {
  const bulk = new BulkEnroller(client)
  const enroller = new SubjectEnroller(client, bulk, { galleryIds, fingerReading, runId: randomUUID() })
  const tally = new Tally(subjects.length)
  const queue = subjects.values()
  const work = async () => {
    for (const subject of queue) {
      const found = new Set<ImageOutcome>()
      for (const sample of subject.samples) {
        const outcome = tally.isOver ? tally.skip(subject, sample) : await enrolOne(enroller, subject, sample, tally)
        found.add(outcome)
        onSample?.()
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
  sample: PlannedSample,
  tally: Tally,
): Promise<ImageOutcome> {
  try {
    return tally.count(await enroller.enrolSample(subject, sample))
  } catch (error) {
    return tally.problem(subject, sample, error)
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

  problem({ subjectId }: PlannedSubject, { path: image }: PlannedSample, error: unknown): ImageOutcome {
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

  skip({ subjectId }: PlannedSubject, { path: image }: PlannedSample): ImageOutcome {
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
