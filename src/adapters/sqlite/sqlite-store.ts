import { DomainError } from '../../domain/errors.js'
import type { Gallery, GallerySummary } from '../../domain/gallery.js'
import type { MonitorBatch, MonitoredCounts, OutcomeReport } from '../../domain/monitor.js'
import type {
  ImportOutcome,
  Mutated,
  MutationKey,
  NewSubject,
  Page,
  PageRequest,
  PurgeResult,
  Reference,
  RetainedProbe,
  Store,
  StoredFinger,
  StoredReference,
  TemplateImport,
} from '../../domain/ports.js'
import type { EncounterStatus, NewEncounter, Subject, SubjectDetails } from '../../domain/subject.js'
import { chunksOf } from './chunks.js'
import * as galleries from './gallery-changes.js'
import * as monitor from './monitor-changes.js'
import { openDatabase } from './open.js'
import { pageOf, pageToken, rowKey, textKey } from './pages.js'
import { purgeExpired } from './purge.js'
import { detailsFromRow, fingerFromRow, galleryFromRow, referenceFromRow, type ReferenceRow } from './rows.js'
import * as subjects from './subject-changes.js'
import { allOf, importTemplate } from './template-imports.js'
import { Transactions } from './transactions.js'

/**
 * The store in one SQLite file, for one service on one machine.
 *
 * Every call is one synchronous transaction. Deleted data is overwritten in the file and gone from its log
 * when the call returns.
 */
export class SqliteStore implements Store {
  readonly #db: Transactions

  /**
   * @param path of the data file; it and its folder are made where there is none
   * @throws DomainError UNAVAILABLE when another process holds it, it is damaged, newer, or cannot be written
   */
  constructor(path: string, now: () => number) {
    this.#db = new Transactions(openDatabase(path, now()), now)
  }

  async replay(key: MutationKey): Promise<unknown> {
    return this.#db.read((tables) => tables.idempotency.find(key)?.value ?? null)
  }

  async createGallery(gallery: Gallery, key: MutationKey): Promise<Mutated<Gallery>> {
    return this.#db.mutate(key, null, (tables) => galleries.createGallery(tables, gallery))
  }

  async updateGallery(gallery: Gallery, key: MutationKey): Promise<Mutated<Gallery>> {
    return this.#db.mutate(key, null, (tables) => galleries.updateGallery(tables, gallery))
  }

  async deleteGallery(galleryId: string, removeMemberships: boolean, key: MutationKey): Promise<Mutated<null>> {
    return this.#db.erase(key, null, (tables) => galleries.deleteGallery(tables, galleryId, removeMemberships))
  }

  async getGallery(galleryId: string): Promise<GallerySummary> {
    return this.#db.read((tables) => galleryFromRow(tables.galleries.require(galleryId, 'gallery_id')))
  }

  async listGalleries(page: PageRequest): Promise<Page<GallerySummary>> {
    return this.#db.read((tables) => {
      const rows = tables.galleries.page(textKey('galleries', page.pageToken), page.pageSize + 1)
      return pageOf(rows, page.pageSize, galleryFromRow, ({ id }) => pageToken('galleries', id))
    })
  }

  async createSubject(
    subject: NewSubject,
    encounter: NewEncounter | null,
    nowMs: number,
    key: MutationKey,
  ): Promise<Mutated<Subject>> {
    return this.#db.mutate(key, subject.id, (tables) => subjects.createSubject(tables, subject, encounter, nowMs))
  }

  async addEncounter(
    subjectId: string,
    encounter: NewEncounter,
    nowMs: number,
    key: MutationKey,
  ): Promise<Mutated<Subject>> {
    return this.#db.mutate(key, subjectId, (tables) => subjects.addEncounter(tables, subjectId, encounter, nowMs))
  }

  async importTemplates(items: readonly TemplateImport[], nowMs: number): Promise<Mutated<readonly ImportOutcome[]>> {
    const outcomes = this.#db.writeEach(items, (tables, item) => importTemplate(tables, item, nowMs))
    return {
      value: outcomes.map((outcome) => (outcome instanceof DomainError ? outcome : outcome.value)),
      change: allOf(outcomes.flatMap((outcome) => (outcome instanceof DomainError ? [] : outcome.change))),
      replayed: false,
    }
  }

  async setGalleries(
    subjectId: string,
    galleryIds: readonly string[],
    nowMs: number,
    key: MutationKey,
  ): Promise<Mutated<Subject>> {
    return this.#db.mutate(key, subjectId, (tables) => subjects.setGalleries(tables, subjectId, galleryIds, nowMs))
  }

  async setEncounterStatus(
    subjectId: string,
    encounterId: string,
    status: EncounterStatus,
    nowMs: number,
    key: MutationKey,
  ): Promise<Mutated<Subject>> {
    return this.#db.mutate(key, subjectId, (tables) =>
      subjects.setEncounterStatus(tables, subjectId, encounterId, status, nowMs),
    )
  }

  async mergeSubjects(intoId: string, fromId: string, nowMs: number, key: MutationKey): Promise<Mutated<Subject>> {
    return this.#db.erase(key, intoId, (tables) => subjects.mergeSubjects(tables, intoId, fromId, nowMs))
  }

  async deleteSubject(subjectId: string, key: MutationKey): Promise<Mutated<null>> {
    return this.#db.erase(key, null, (tables) => subjects.deleteSubject(tables, subjectId))
  }

  async getSubject(subjectId: string): Promise<Subject> {
    return this.#db.read((tables) => tables.subject(tables.subjects.require(subjectId)))
  }

  async listSubjects(galleryId: string, page: PageRequest): Promise<Page<Subject>> {
    return this.#db.read((tables) => {
      const galleryRow = galleryId === '' ? null : tables.galleries.require(galleryId, 'gallery_id').row
      const rows = tables.subjects.page(galleryRow, rowKey('subjects', page.pageToken), page.pageSize + 1)
      return pageOf(
        rows,
        page.pageSize,
        (row) => tables.subject(row),
        ({ row }) => pageToken('subjects', row),
      )
    })
  }

  async describeSubjects(subjectIds: readonly string[]): Promise<ReadonlyMap<string, SubjectDetails>> {
    return this.#db.read(
      (tables) => new Map(tables.subjects.details(subjectIds).map((row) => [row.id, detailsFromRow(row)])),
    )
  }

  async purgeExpired(nowMs: number): Promise<Mutated<PurgeResult>> {
    return this.#db.erase(NO_KEY, null, (tables) => purgeExpired(tables, nowMs))
  }

  async retainProbe(probe: RetainedProbe): Promise<void> {
    this.#db.write((tables) => {
      const galleryIds = [...new Set(probe.galleryIds)]
      const rows = galleryIds.map((galleryId) => tables.galleries.require(galleryId, 'gallery_ids').row)
      tables.probes.insert(probe, rows)
    })
  }

  async features(referenceIds: readonly number[], algorithm: string) {
    return this.#db.read((tables) =>
      referenceIds.flatMap((referenceId) => {
        const features = tables.references.features(referenceId, algorithm)
        return features === undefined ? [] : [{ referenceId, features }]
      }),
    )
  }

  references(algorithm: string): AsyncIterable<readonly StoredReference[]> {
    return this.#pages(algorithm, referenceFromRow)
  }

  fingers(algorithm: string): AsyncIterable<readonly StoredFinger[]> {
    return this.#pages(algorithm, fingerFromRow)
  }

  async referencesOf(subjectId: string, algorithm: string): Promise<readonly StoredReference[]> {
    return this.#rowsOf(subjectId, algorithm).map(referenceFromRow)
  }

  async fingersOf(subjectId: string, algorithm: string): Promise<readonly StoredFinger[]> {
    return this.#rowsOf(subjectId, algorithm).map(fingerFromRow)
  }

  memberships(): ReturnType<Store['memberships']> {
    return chunksOf(
      (afterRow, countMax) => this.#db.read((tables) => tables.memberships.page(afterRow, countMax)),
      ({ row }) => row,
    )
  }

  async countReferences(
    galleryIds: readonly string[],
  ): Promise<readonly { galleryId: string; algorithm: string; count: number }[]> {
    return this.#db.read((tables) =>
      galleryIds.flatMap((galleryId) =>
        tables.tally
          .ofGallery(tables.galleries.require(galleryId, 'gallery_ids').row)
          .map(({ algorithm, reference_count }) => ({ galleryId, algorithm, count: reference_count })),
      ),
    )
  }

  async addToMonitor(batch: MonitorBatch): Promise<void> {
    this.#db.write((tables) => monitor.addToMonitor(tables, batch))
  }

  async reportOutcome(report: OutcomeReport): Promise<{ readonly isRepeated: boolean }> {
    return this.#db.write((tables) => monitor.reportOutcome(tables, report))
  }

  async monitorCounts(galleryId: string, firstDay: number, lastDay: number): Promise<readonly MonitoredCounts[]> {
    return this.#db.read((tables) => monitor.monitorCounts(tables, galleryId, firstDay, lastDay))
  }

  async close(): Promise<void> {
    this.#db.close()
  }

  #pages<T extends Reference>(algorithm: string, fromRow: (row: ReferenceRow) => T): AsyncIterable<readonly T[]> {
    return chunksOf(
      (afterRow, countMax) =>
        this.#db.read((tables) => tables.references.page(algorithm, afterRow, countMax).map(fromRow)),
      ({ referenceId }) => referenceId,
    )
  }

  #rowsOf(subjectId: string, algorithm: string): readonly ReferenceRow[] {
    return this.#db.read((tables) => {
      const { row } = tables.subjects.require(subjectId)
      return tables.references.ofSubjectInSpace(row, algorithm)
    })
  }
}

const NO_KEY: MutationKey = { requestId: '', method: '', fingerprint: '' }
