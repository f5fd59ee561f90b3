import { basename } from 'node:path'
import { LIMITS } from '../../domain/limits.js'
import type { NewEncounter } from '../../generated/portcullis/v1/NewEncounter.js'
import type { Subject__Output } from '../../generated/portcullis/v1/Subject.js'
import type { BulkEnroller } from '../bulk-enroller.js'
import type { PortcullisClient } from '../client.js'
import { toCliError } from '../failure.js'
import { printable } from '../printable.js'
import { readFinger, type FingerReading } from '../fingers/read-finger.js'
import { readImage } from '../read-image.js'
import { encounterIdOf, fingerEncounterIdOf, requestIdOf } from './content-ids.js'
import type { PlannedSample, PlannedSubject } from './planned.js'

export interface SubjectEnrollerSettings {
  readonly galleryIds: readonly string[]
  readonly fingerReading: FingerReading
  readonly runId: string
}

/**
 * Enrols one sample at a time, so that running it again does nothing twice: what is there already is asked for first,
 * and the service refuses a second subject or encounter of the same id if another run was faster.
 */
export class SubjectEnroller {
  readonly #client: PortcullisClient
  readonly #bulk: BulkEnroller
  readonly #galleryIds: readonly string[]
  readonly #fingerReading: FingerReading
  readonly #runId: string
  /** Subjects under way, as the service last gave them; dropped when their last sample is done. */
  readonly #known = new Map<string, Subject__Output>()

  constructor(client: PortcullisClient, bulk: BulkEnroller, settings: SubjectEnrollerSettings) {
    this.#client = client
    this.#bulk = bulk
    this.#galleryIds = settings.galleryIds.toSorted()
    this.#fingerReading = settings.fingerReading
    this.#runId = settings.runId
  }

  /** @throws CliError the refusal or failure of this sample */
  async enrolSample(planned: PlannedSubject, sample: PlannedSample): Promise<'enrolled' | 'already-there'> {
    const { subjectId, samples } = planned
    try {
      const source = printable(basename(sample.path)).slice(0, LIMITS.textLengthMax)
      const encounter: NewEncounter = { source, ...(await this.#read(subjectId, sample)) }
      const subject = this.#known.get(subjectId) ?? (await this.#find(subjectId))
      if (subject !== null) this.#known.set(subjectId, subject)
      if (subject?.encounters.some(({ encounterId }) => encounterId === encounter.encounterId)) return 'already-there'
      this.#known.set(subjectId, await this.#send(planned, subject, encounter))
      return 'enrolled'
    } catch (error) {
      if (toCliError(error).reason === 'ENCOUNTER_EXISTS') return 'already-there' // under a subject it was merged into
      throw error
    } finally {
      if (sample === samples.at(-1)) this.#known.delete(subjectId)
    }
  }

  async #read(subjectId: string, { path, finger: position }: PlannedSample): Promise<NewEncounter> {
    if (position === null) {
      const data = await readImage(path)
      return { encounterId: encounterIdOf(subjectId, data), samples: [{ data }] }
    }
    const { bytes, sample } = await readFinger(path, position, this.#fingerReading)
    const { resolutionDpi } = this.#fingerReading
    return { encounterId: fingerEncounterIdOf(subjectId, bytes, { position, resolutionDpi }), fingers: [sample] }
  }

  /** The subject as it is enrolled, in the wanted galleries too; null when there is none. */
  async #find(subjectId: string): Promise<Subject__Output | null> {
    try {
      const subject = await this.#client.getSubject(subjectId)
      const galleryIds = [...new Set([...subject.galleryIds, ...this.#galleryIds])]
      if (galleryIds.length === subject.galleryIds.length) return subject
      return await this.#client.setGalleries(subjectId, galleryIds)
    } catch (error) {
      if (toCliError(error).reason === 'SUBJECT_NOT_FOUND') return null
      throw error
    }
  }

  async #send(
    planned: PlannedSubject,
    subject: Subject__Output | null,
    encounter: NewEncounter,
  ): Promise<Subject__Output> {
    const { subjectId, externalId, displayName } = planned
    const requestId = (method: string) =>
      requestIdOf(this.#runId, [
        method,
        subjectId,
        externalId,
        displayName,
        encounter.encounterId ?? '',
        encounter.source ?? '',
        ...this.#galleryIds,
      ])
    const add = () => this.#bulk.enrol({ addEncounter: { requestId: requestId('add'), subjectId, encounter } })
    if (subject !== null) return add()
    try {
      const galleryIds = [...this.#galleryIds]
      const createSubject = {
        requestId: requestId('create'),
        subjectId,
        externalId,
        displayName,
        galleryIds,
        encounter,
      }
      return await this.#bulk.enrol({ createSubject })
    } catch (error) {
      if (toCliError(error).reason !== 'SUBJECT_EXISTS') throw error
      await this.#find(subjectId) // another run created it meanwhile, maybe in other galleries
      return add()
    }
  }
}
