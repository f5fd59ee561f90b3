import type { Database } from 'better-sqlite3'
import { DomainError } from '../../domain/errors.js'
import type { NewSubject } from '../../domain/ports.js'
import type { DetailsRow, SubjectRow } from './rows.js'

export class SubjectTable {
  readonly #byId
  readonly #page
  readonly #pageOfGallery
  readonly #details
  readonly #insert
  readonly #touch
  readonly #delete

  constructor(db: Database) {
    this.#byId = db.prepare<[string], SubjectRow>('SELECT * FROM subject WHERE id = ?')
    this.#page = db.prepare<[number, number], SubjectRow>('SELECT * FROM subject WHERE row > ? ORDER BY row LIMIT ?')
    this.#pageOfGallery = db.prepare<[number, number, number], SubjectRow>(`
      SELECT s.* FROM membership m JOIN subject s ON s.row = m.subject_row
      WHERE m.gallery_row = ? AND m.subject_row > ? ORDER BY m.subject_row LIMIT ?`)
    this.#details = db.prepare<[string], DetailsRow>(`
      SELECT id, external_id, display_name, attributes FROM subject WHERE id IN (SELECT value FROM json_each(?))`)
    this.#insert = db.prepare(`
      INSERT INTO subject (id, external_id, display_name, attributes, created_at, updated_at)
      VALUES (@id, @externalId, @displayName, @attributes, @nowMs, @nowMs)`)
    this.#touch = db.prepare<[number, number]>('UPDATE subject SET updated_at = ? WHERE row = ?')
    this.#delete = db.prepare<[number]>('DELETE FROM subject WHERE row = ?')
  }

  find(id: string): SubjectRow | undefined {
    return this.#byId.get(id)
  }

  /** @throws DomainError SUBJECT_NOT_FOUND naming `field` */
  require(id: string, field = 'subject_id'): SubjectRow {
    const row = this.#byId.get(id)
    if (row === undefined)
      throw new DomainError('SUBJECT_NOT_FOUND', 'a subject that exists', 'an unknown one', { field })
    return row
  }

  /** In the order of enrolment, the first after `afterRow`; of one gallery, or of all when it is null. */
  page(galleryRow: number | null, afterRow: number, countMax: number): readonly SubjectRow[] {
    if (galleryRow === null) return this.#page.all(afterRow, countMax)
    return this.#pageOfGallery.all(galleryRow, afterRow, countMax)
  }

  details(ids: readonly string[]): readonly DetailsRow[] {
    return this.#details.all(JSON.stringify(ids))
  }

  /** @returns the row */
  insert({ id, externalId, displayName, attributes }: NewSubject, nowMs: number): number {
    const parameters = { id, externalId, displayName, attributes: JSON.stringify(attributes), nowMs }
    return Number(this.#insert.run(parameters).lastInsertRowid)
  }

  touch(row: number, nowMs: number): void {
    this.#touch.run(nowMs, row)
  }

  /** The caller has deleted everything that belongs to it. */
  delete(row: number): void {
    this.#delete.run(row)
  }
}
