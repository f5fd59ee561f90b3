import type { AnalysisRequest, FaceAnalysis } from './analysis.js'
import type { CallContext } from './context.js'
import type { DomainError } from './errors.js'
import type { FingerAnalyser } from './finger-analysis.js'
import type { Gallery, GallerySummary } from './gallery.js'
import type { ImageInfo, RgbImage } from './image.js'
import type { FaceAlgorithm, ModelDescription } from './models.js'
import type { MonitorStore } from './monitor.js'
import type { EncounterStatus, NewEncounter, Subject, SubjectDetails } from './subject.js'

/** The face pipeline as services see it: in this thread (evaluation, workers) or over a pool of worker threads. */
export interface FaceAnalyser {
  readonly algorithm: FaceAlgorithm
  /**
   * One pass over one image.
   * @throws DomainError PARSE_ERROR, FORMAT_UNSUPPORTED, LIMIT_EXCEEDED, OVERLOADED, DEADLINE_EXCEEDED, CANCELLED.
   * A face that is missing or not good enough is the outcome `refused`, not an error.
   */
  analyse(request: AnalysisRequest, context: CallContext): Promise<FaceAnalysis>
}

/** What turns samples into templates, by modality. */
export interface Analysers {
  readonly face: FaceAnalyser
  readonly finger: FingerAnalyser
}

/** Decodes samples; see `adapters/image`. */
export interface ImageDecoder {
  /**
   * `image` may be smaller than `info` says (very large images are reduced while they are decoded), never distorted.
   * @throws DomainError PARSE_ERROR, FORMAT_UNSUPPORTED, LIMIT_EXCEEDED
   */
  decode(bytes: Uint8Array): Promise<{ readonly info: ImageInfo; readonly image: RgbImage }>
}

/** A float32 tensor; `dims` in the order of the model (NCHW for images). */
export interface Tensor {
  readonly dims: readonly number[]
  readonly data: Float32Array
}

/** Runs models; see `adapters/onnx`. */
export interface ModelRunner {
  /**
   * Runs a batch through one model; a model of a fixed batch is run as often as it takes.
   * @param input [N, C, H, W]
   * @returns the outputs by tensor name, each with N as its first dimension
   */
  run(model: ModelDescription, input: Tensor): Promise<Readonly<Record<string, Tensor>>>
}

/** One comparable reference: a template of one sample. */
export interface Reference {
  /** Of the store, unique for ever, ascending in the order of enrolment; below 2^53. */
  readonly referenceId: number
  readonly subjectId: string
  readonly encounterId: string
}

/** A face's. */
export interface StoredReference extends Reference {
  readonly features: Float32Array
}

/** A finger's. */
export interface StoredFinger extends Reference {
  /** ISO/IEC 19794-2:2005, one impression. */
  readonly record: Uint8Array
}

/**
 * What a change of the store means to the searched index: applied before the change is acknowledged.
 * It is complete: whoever applies every change in the order of commits holds what the store holds.
 */
export interface IndexChange {
  /** References that are now active. One that is known already has moved to this subject, its features unchanged. */
  readonly added: readonly (StoredReference & { readonly algorithm: string })[]
  /** The same for fingers. */
  readonly addedFingers: readonly (StoredFinger & { readonly algorithm: string })[]
  readonly removedReferenceIds: readonly number[]
  /** Subjects whose galleries are now these; a subject that ceased to exist is in none. */
  readonly memberships: readonly { readonly subjectId: string; readonly galleryIds: readonly string[] }[]
}

/** The result of a mutation, and what it changes for search. A replayed request changes nothing. */
export interface Mutated<T> {
  readonly value: T
  readonly change: IndexChange
  readonly replayed: boolean
}

/**
 * Makes a mutation idempotent: the store keeps the answer under `requestId` in the same transaction as the change.
 * The same id with the same fingerprint gives the kept answer again; with another one, DomainError REQUEST_ID_REUSED.
 * An answer that describes a subject is deleted with it: then the same request gives SUBJECT_NOT_FOUND.
 */
export interface MutationKey {
  /** '' when the caller gave none: then nothing is kept. */
  readonly requestId: string
  /** "<service>/<method>" */
  readonly method: string
  /** sha256 of the request's content, hex. */
  readonly fingerprint: string
}

export interface Page<T> {
  readonly items: readonly T[]
  /** '' on the last page. */
  readonly nextPageToken: string
}

export interface PageRequest {
  readonly pageSize: number
  /** '' for the first page. */
  readonly pageToken: string
}

export interface NewSubject extends SubjectDetails {
  readonly id: string
  readonly galleryIds: readonly string[]
}

/** One template that was extracted elsewhere, with the subject and the one encounter that it belongs to. */
export interface TemplateImport {
  /** Created where there is none; one that exists keeps its details and joins the galleries too. */
  readonly subject: NewSubject
  readonly encounter: NewEncounter
}

/** A bad one fails alone; `already-there` when the subject has this encounter. */
export type ImportOutcome = 'imported' | 'already-there' | DomainError

export interface RetainedProbe {
  readonly searchId: string
  readonly galleryIds: readonly string[]
  /** Encoded, at least one: the face first, then the fingers. */
  readonly samples: readonly Uint8Array[]
  readonly retainedAtMs: number
}

export interface PurgeResult {
  readonly membershipCount: number
  readonly subjectCount: number
  readonly probeCount: number
}

/**
 * The source of truth. Each call is one transaction, durable when its promise resolves; indexes are derived from it.
 * All may throw DomainError …_NOT_FOUND, …_EXISTS, REQUEST_ID_REUSED; see each one.
 */
export interface Store extends MonitorStore {
  /** The kept answer of `key`, or null. Asked before expensive work; the mutation asks again in its transaction. */
  replay(key: MutationKey): Promise<unknown>

  createGallery(gallery: Gallery, key: MutationKey): Promise<Mutated<Gallery>>
  /** Replaces owner, purpose and policy. */
  updateGallery(gallery: Gallery, key: MutationKey): Promise<Mutated<Gallery>>
  /** @throws DomainError GALLERY_NOT_EMPTY while subjects are in it, unless `removeMemberships` */
  deleteGallery(galleryId: string, removeMemberships: boolean, key: MutationKey): Promise<Mutated<null>>
  getGallery(galleryId: string): Promise<GallerySummary>
  listGalleries(page: PageRequest): Promise<Page<GallerySummary>>

  /** Creates a subject, with a first encounter when one is given, in one transaction. */
  createSubject(
    subject: NewSubject,
    encounter: NewEncounter | null,
    nowMs: number,
    key: MutationKey,
  ): Promise<Mutated<Subject>>
  addEncounter(subjectId: string, encounter: NewEncounter, nowMs: number, key: MutationKey): Promise<Mutated<Subject>>
  /**
   * Adds templates with their subjects, all in one transaction; each one is added whole or not at all.
   * @returns one outcome for each item, in their order: SUBJECT…, GALLERY_NOT_FOUND, ENCOUNTER_EXISTS (of another subject), LIMIT_EXCEEDED
   */
  importTemplates(items: readonly TemplateImport[], nowMs: number): Promise<Mutated<readonly ImportOutcome[]>>
  setGalleries(
    subjectId: string,
    galleryIds: readonly string[],
    nowMs: number,
    key: MutationKey,
  ): Promise<Mutated<Subject>>
  setEncounterStatus(
    subjectId: string,
    encounterId: string,
    status: EncounterStatus,
    nowMs: number,
    key: MutationKey,
  ): Promise<Mutated<Subject>>
  /** Moves encounters and memberships of `fromId` to `intoId`, whose details stay; `fromId` ceases to exist. */
  mergeSubjects(intoId: string, fromId: string, nowMs: number, key: MutationKey): Promise<Mutated<Subject>>
  deleteSubject(subjectId: string, key: MutationKey): Promise<Mutated<null>>
  getSubject(subjectId: string): Promise<Subject>
  /** In the order of enrolment; of one gallery, or of all when `galleryId` is ''. */
  listSubjects(galleryId: string, page: PageRequest): Promise<Page<Subject>>
  /** Details of several subjects, for candidate lists; missing ones are left out. */
  describeSubjects(subjectIds: readonly string[]): Promise<ReadonlyMap<string, SubjectDetails>>

  /**
   * Ends memberships past their gallery's retention; a subject whose last membership ended is deleted.
   * Also deletes retained probes past the retention of one of their galleries, kept answers, and what is past `MONITOR_LIMITS`.
   * One call does a bounded share: call again until nothing is left to do.
   */
  purgeExpired(nowMs: number): Promise<Mutated<PurgeResult>>
  /** Keeps a probe, which the request and the galleries' policy allowed. */
  retainProbe(probe: RetainedProbe): Promise<void>

  /** Active references of one space, ascending by id. */
  references(algorithm: string): AsyncIterable<readonly StoredReference[]>
  /** The same of fingers. */
  fingers(algorithm: string): AsyncIterable<readonly StoredFinger[]>
  /** Active templates of one subject in one space. */
  referencesOf(subjectId: string, algorithm: string): Promise<readonly StoredReference[]>
  /** The same of fingers. */
  fingersOf(subjectId: string, algorithm: string): Promise<readonly StoredFinger[]>
  /** Features of active references of one space, in the order of the ids; those that do not exist are left out. */
  features(
    referenceIds: readonly number[],
    algorithm: string,
  ): Promise<readonly { readonly referenceId: number; readonly features: Float32Array }[]>
  /** All memberships, for building the index. */
  memberships(): AsyncIterable<readonly { readonly subjectId: string; readonly galleryIds: readonly string[] }[]>
  /** Active references by space and gallery: how many are not searched because they live in another space. */
  countReferences(
    galleryIds: readonly string[],
  ): Promise<readonly { galleryId: string; algorithm: string; count: number }[]>

  close(): Promise<void>
}

/** Structured log. Never a biometric, a name or an identifier: correlate by call id. */
export interface Logger {
  info(fields: Readonly<Record<string, unknown>>, message: string): void
  warn(fields: Readonly<Record<string, unknown>>, message: string): void
  error(fields: Readonly<Record<string, unknown>>, message: string): void
}
