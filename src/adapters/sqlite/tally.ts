import type { Database } from 'better-sqlite3'

const REFERENCES_OF_SUBJECT = `
  SELECT m.gallery_row, r.algorithm, count(*) AS reference_count
  FROM membership m JOIN encounter e ON e.subject_row = m.subject_row JOIN reference r ON r.encounter_row = e.row
  WHERE m.subject_row = ? AND e.status = 'active' GROUP BY m.gallery_row, r.algorithm`

/**
 * Subjects and active references of each gallery, counted as they change: every search names these figures,
 * and counting 100,000 members takes some 100 ms that the event loop does not have.
 */
export class Tally {
  readonly #countSubjects
  readonly #enter
  readonly #withdraw
  readonly #ofGallery
  readonly #deleteGallery

  constructor(db: Database) {
    this.#countSubjects = db.prepare<[number, number]>(`
      UPDATE gallery SET subject_count = subject_count + ?
      WHERE row IN (SELECT gallery_row FROM membership WHERE subject_row = ?)`)
    this.#enter = db.prepare<[number]>(`
      INSERT INTO tally (gallery_row, algorithm, reference_count) ${REFERENCES_OF_SUBJECT}
      ON CONFLICT DO UPDATE SET reference_count = reference_count + excluded.reference_count`)
    this.#withdraw = db.prepare<[number]>(`
      UPDATE tally SET reference_count = tally.reference_count - own.reference_count
      FROM (${REFERENCES_OF_SUBJECT}) AS own
      WHERE tally.gallery_row = own.gallery_row AND tally.algorithm = own.algorithm`)
    this.#ofGallery = db.prepare<[number], { algorithm: string; reference_count: number }>(
      'SELECT algorithm, reference_count FROM tally WHERE gallery_row = ? AND reference_count > 0',
    )
    this.#deleteGallery = db.prepare<[number]>('DELETE FROM tally WHERE gallery_row = ?')
  }

  /** Runs a change of one subject's encounters or memberships, counting it out before and in after. */
  around<T>(subjectRow: number, change: () => T): T {
    this.#withdraw.run(subjectRow)
    this.#countSubjects.run(-1, subjectRow)
    const result = change()
    this.#countSubjects.run(1, subjectRow)
    this.#enter.run(subjectRow)
    return result
  }

  /** The same for a subject that the change completes: there is nothing of it to count out. */
  ofNew<T>(subjectRow: number, change: () => T): T {
    const result = change()
    this.#countSubjects.run(1, subjectRow)
    this.#enter.run(subjectRow)
    return result
  }

  ofGallery(galleryRow: number): readonly { readonly algorithm: string; readonly reference_count: number }[] {
    return this.#ofGallery.all(galleryRow)
  }

  deleteOfGallery(galleryRow: number): void {
    this.#deleteGallery.run(galleryRow)
  }
}
