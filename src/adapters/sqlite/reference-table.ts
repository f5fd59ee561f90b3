import type { Database } from 'better-sqlite3'
import { featuresFromBlob } from './features-blob.js'
import { anyReferenceFromRow, type AnyReference, type ReferenceRow } from './rows.js'

/** CROSS JOIN keeps SQLite to this order, which walks `reference` by row and looks the others up. */
const SELECT = `
  SELECT r.row, s.id AS subject_id, e.id AS encounter_id, r.algorithm, r.modality, r.features
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
  page(algorithm: string, afterRow: number, countMax: number): readonly ReferenceRow[] {
    return this.#page.all(algorithm, afterRow, countMax)
  }

  /** Of one active reference; undefined when there is none. */
  features(referenceId: number, algorithm: string): Float32Array | undefined {
    const row = this.#features.get(referenceId, algorithm)
    return row && featuresFromBlob(row.features)
  }

  ofSubject(subjectRow: number): readonly AnyReference[] {
    return this.#ofSubject.all(subjectRow).map(anyReferenceFromRow)
  }

  ofSubjectInSpace(subjectRow: number, algorithm: string): readonly ReferenceRow[] {
    return this.#ofSubjectInSpace.all(subjectRow, algorithm)
  }

  ofEncounter(encounterRow: number): readonly AnyReference[] {
    return this.#ofEncounter.all(encounterRow).map(anyReferenceFromRow)
  }
}
