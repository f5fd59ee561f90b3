import type { Database } from 'better-sqlite3'
import type { StoredReference } from '../../domain/ports.js'
import { featuresFromBlob } from './features-blob.js'
import { referenceFromRow, type ReferenceRow } from './rows.js'

type ReferenceWithSpace = StoredReference & { readonly algorithm: string }

/** CROSS JOIN keeps SQLite to this order, which walks `reference` by row and looks the others up. */
const SELECT = `
  SELECT r.row, s.id AS subject_id, e.id AS encounter_id, r.algorithm, r.features
  FROM reference r CROSS JOIN encounter e ON e.row = r.encounter_row CROSS JOIN subject s ON s.row = e.subject_row`
const OF_SUBJECT = 'r.encounter_row IN (SELECT row FROM encounter WHERE subject_row = ?)'

/** Reads active references, ascending by id. */
export class ReferenceTable {
  readonly #page
  readonly #features
  readonly #ofSubject
  readonly #ofSubjectInSpace
  readonly #ofEncounter

  constructor(db: Database) {
    this.#page = db.prepare<[string, number, number], ReferenceRow>(
      `${SELECT} WHERE r.algorithm = ? AND r.row > ? AND e.status = 'active' ORDER BY r.row LIMIT ?`,
    )
    this.#features = db.prepare<[number, string], { readonly features: Buffer }>(
      `SELECT r.features FROM reference r CROSS JOIN encounter e ON e.row = r.encounter_row
       WHERE r.row = ? AND r.algorithm = ? AND e.status = 'active'`,
    )
    this.#ofSubject = db.prepare<[number], ReferenceRow>(
      `${SELECT} WHERE ${OF_SUBJECT} AND e.status = 'active' ORDER BY r.row`,
    )
    this.#ofSubjectInSpace = db.prepare<[number, string], ReferenceRow>(
      `${SELECT} WHERE ${OF_SUBJECT} AND e.status = 'active' AND r.algorithm = ? ORDER BY r.row`,
    )
    this.#ofEncounter = db.prepare<[number], ReferenceRow>(
      `${SELECT} WHERE r.encounter_row = ? AND e.status = 'active' ORDER BY r.row`,
    )
  }

  /** The first of one space after `afterRow`. */
  page(algorithm: string, afterRow: number, countMax: number): readonly StoredReference[] {
    return this.#page.all(algorithm, afterRow, countMax).map(referenceFromRow)
  }

  /** Of one active reference; undefined when there is none. */
  features(referenceId: number, algorithm: string): Float32Array | undefined {
    const row = this.#features.get(referenceId, algorithm)
    return row && featuresFromBlob(row.features)
  }

  ofSubject(subjectRow: number): readonly ReferenceWithSpace[] {
    return this.#ofSubject.all(subjectRow).map(referenceFromRow)
  }

  ofSubjectInSpace(subjectRow: number, algorithm: string): readonly StoredReference[] {
    return this.#ofSubjectInSpace.all(subjectRow, algorithm).map(referenceFromRow)
  }

  ofEncounter(encounterRow: number): readonly ReferenceWithSpace[] {
    return this.#ofEncounter.all(encounterRow).map(referenceFromRow)
  }
}
