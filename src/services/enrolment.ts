import { randomUUID } from 'node:crypto'
import { checkAlive, type CallContext } from '../domain/context.js'
import { DomainError, invalid } from '../domain/errors.js'
import { DEFAULT_POLICY, combinePolicies, type GalleryPolicy } from '../domain/gallery.js'
import { checkId } from '../domain/ids.js'
import { LIMITS } from '../domain/limits.js'
import { NO_METRICS, type Metrics } from '../domain/metrics.js'
import type { Analysers, Mutated, Page, PageRequest, Store } from '../domain/ports.js'
import { checkGalleryIds, checkSubjectDetails, type Subject } from '../domain/subject.js'
import type {
  AddEncounterCommand,
  CreateSubjectCommand,
  DeleteSubjectCommand,
  MergeSubjectsCommand,
  SetGalleriesCommand,
  UpdateEncounterStatusCommand,
} from './commands.js'
import { analyseEncounter, checkEncounterInput } from './encounter.js'
import { measureEnrolment, type Answered } from './measuring.js'
import type { References } from './references.js'
import { checkPage, mutationKey } from './requests.js'

/**
 * Subjects of interest and their encounters. Nothing is half done: a mutation that throws left nothing behind,
 * one that returns is durable and searchable.
 */
export class EnrolmentService {
  readonly #store: Store
  readonly #analysers: Analysers
  readonly #references: References
  readonly #now: () => number
  readonly #metrics: Metrics

  constructor(
    store: Store,
    analysers: Analysers,
    references: References,
    now: () => number,
    metrics: Metrics = NO_METRICS,
  ) {
    this.#store = store
    this.#analysers = analysers
    this.#references = references
    this.#now = now
    this.#metrics = metrics
  }

  /**
   * Creates a subject, with a first encounter when one is given.
   * @throws DomainError INVALID_ARGUMENT, SUBJECT_EXISTS, ENCOUNTER_EXISTS, GALLERY_NOT_FOUND, REQUEST_ID_REUSED;
   * a refusal (NO_FACE, NO_FINGER, MULTIPLE_FACES, QUALITY_TOO_LOW) naming the first sample that is not good enough
   */
  async createSubject(command: CreateSubjectCommand, context: CallContext): Promise<Subject> {
    if (command.encounter === null) return (await this.#createSubject(command, context)).value
    return measureEnrolment(this.#metrics, () => this.#createSubject(command, context))
  }

  async #createSubject(command: CreateSubjectCommand, context: CallContext): Promise<Answered<Subject>> {
    const key = mutationKey('EnrolmentService/CreateSubject', command)
    const id = command.subjectId === '' ? randomUUID() : checkId('subject_id', command.subjectId)
    const galleryIds = checkGalleryIds('gallery_ids', command.galleryIds, LIMITS.galleriesPerSubjectMax)
    const { externalId, displayName, attributes } = checkSubjectDetails(command.details)
    if (command.encounter !== null) checkEncounterInput(command.encounter)

    const kept = await this.#store.replay(key)
    if (kept !== null) return { value: kept as Subject, replayed: true }
    if ((await this.#store.describeSubjects([id])).has(id))
      throw new DomainError('SUBJECT_EXISTS', 'a new subject', 'one that exists', { field: 'subject_id' })
    const policy = await this.#policyOf(galleryIds)

    const encounter =
      command.encounter === null
        ? null
        : await analyseEncounter(this.#analysers, command.encounter, policy, this.#now(), context)
    const subject = { id, galleryIds, externalId, displayName, attributes }
    return this.#enrol(context, () => this.#store.createSubject(subject, encounter, this.#now(), key))
  }

  /** @throws DomainError as `createSubject`, and SUBJECT_NOT_FOUND, LIMIT_EXCEEDED */
  async addEncounter(command: AddEncounterCommand, context: CallContext): Promise<Subject> {
    return measureEnrolment(this.#metrics, () => this.#addEncounter(command, context))
  }

  async #addEncounter(command: AddEncounterCommand, context: CallContext): Promise<Answered<Subject>> {
    const key = mutationKey('EnrolmentService/AddEncounter', command)
    checkId('subject_id', command.subjectId)
    checkEncounterInput(command.encounter)

    const kept = await this.#store.replay(key)
    if (kept !== null) return { value: kept as Subject, replayed: true }
    const subject = await this.#store.getSubject(command.subjectId)
    const policy = await this.#policyOf(subject.galleryIds)

    const encounter = await analyseEncounter(this.#analysers, command.encounter, policy, this.#now(), context)
    return this.#enrol(context, () => this.#store.addEncounter(command.subjectId, encounter, this.#now(), key))
  }

  /** @throws DomainError SUBJECT_NOT_FOUND */
  async getSubject(subjectId: string): Promise<Subject> {
    return this.#store.getSubject(subjectId)
  }

  /**
   * In the order of enrolment.
   * @param galleryId '' for all subjects
   * @throws DomainError GALLERY_NOT_FOUND, INVALID_ARGUMENT
   */
  async listSubjects(galleryId: string, page: PageRequest): Promise<Page<Subject>> {
    return this.#store.listSubjects(galleryId, checkPage(page))
  }

  /** Replaces the galleries that a subject is in. @throws DomainError SUBJECT_NOT_FOUND, GALLERY_NOT_FOUND */
  async setGalleries(command: SetGalleriesCommand, context: CallContext): Promise<Subject> {
    const key = mutationKey('EnrolmentService/SetGalleries', command)
    const galleryIds = checkGalleryIds('gallery_ids', command.galleryIds, LIMITS.galleriesPerSubjectMax)
    return this.#commit(context, () => this.#store.setGalleries(command.subjectId, galleryIds, this.#now(), key))
  }

  /** @throws DomainError SUBJECT_NOT_FOUND, ENCOUNTER_NOT_FOUND */
  async updateEncounterStatus(command: UpdateEncounterStatusCommand, context: CallContext): Promise<Subject> {
    const key = mutationKey('EnrolmentService/UpdateEncounterStatus', command)
    const { subjectId, encounterId, status } = command
    return this.#commit(context, () => this.#store.setEncounterStatus(subjectId, encounterId, status, this.#now(), key))
  }

  /** @throws DomainError INVALID_ARGUMENT, SUBJECT_NOT_FOUND, LIMIT_EXCEEDED */
  async mergeSubjects(command: MergeSubjectsCommand, context: CallContext): Promise<Subject> {
    const key = mutationKey('EnrolmentService/MergeSubjects', command)
    const { intoSubjectId, fromSubjectId } = command
    if (intoSubjectId === fromSubjectId) throw invalid('from_subject_id', 'another subject', 'the same one')
    return this.#commit(context, () => this.#store.mergeSubjects(intoSubjectId, fromSubjectId, this.#now(), key))
  }

  /** Deletes a subject with everything known of it. @throws DomainError SUBJECT_NOT_FOUND */
  async deleteSubject(command: DeleteSubjectCommand, context: CallContext): Promise<void> {
    const key = mutationKey('EnrolmentService/DeleteSubject', command)
    await this.#commit(context, () => this.#store.deleteSubject(command.subjectId, key))
  }

  async #policyOf(galleryIds: readonly string[]): Promise<GalleryPolicy> {
    if (galleryIds.length === 0) return DEFAULT_POLICY
    return combinePolicies(await Promise.all(galleryIds.map((id) => this.#store.getGallery(id))))
  }

  /** Two calls with one request id may both come here: the second one is then a replay. */
  async #enrol(context: CallContext, mutation: () => Promise<Mutated<Subject>>): Promise<Answered<Subject>> {
    let replayed = false
    const value = await this.#commit(context, async () => {
      const mutated = await mutation()
      replayed = mutated.replayed
      return mutated
    })
    return { value, replayed }
  }

  /** The last moment at which a caller's absence stops the change; from here on it happens. */
  async #commit<T>(context: CallContext, mutation: () => Promise<Mutated<T>>): Promise<T> {
    return this.#references.commit(() => {
      checkAlive(context)
      return mutation()
    })
  }
}
