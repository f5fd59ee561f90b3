import type { Database } from 'better-sqlite3'

export interface ExpiredMembership {
  readonly gallery_row: number
  readonly subject_row: number
  readonly subject_id: string
}

/** Which subjects are in which galleries, and since when. */
export class MembershipTable {
  readonly #galleryIds
  readonly #members
  readonly #page
  readonly #expired
  readonly #insert
  readonly #delete
  readonly #deleteOfSubject
  readonly #deleteOfGallery
  readonly #move

  constructor(db: Database) {
    this.#galleryIds = db
      .prepare<[number], string>(
        'SELECT g.id FROM membership m JOIN gallery g ON g.row = m.gallery_row WHERE m.subject_row = ? ORDER BY g.id',
      )
      .pluck()
    this.#members = db.prepare<[number], { row: number; id: string }>(
      'SELECT s.row, s.id FROM membership m JOIN subject s ON s.row = m.subject_row WHERE m.gallery_row = ?',
    )
    this.#page = db.prepare<[number, number], { row: number; id: string; gallery_ids: string }>(`
      SELECT s.row, s.id, (SELECT json_group_array(g.id) FROM membership m JOIN gallery g ON g.row = m.gallery_row
                           WHERE m.subject_row = s.row) AS gallery_ids
      FROM subject s WHERE s.row > ? ORDER BY s.row LIMIT ?`)
    // CROSS JOIN: by way of the galleries and their oldest members, not of all memberships
    this.#expired = db.prepare<[{ nowMs: number; countMax: number }], ExpiredMembership>(`
      SELECT m.gallery_row, m.subject_row, s.id AS subject_id
      FROM gallery g CROSS JOIN membership m ON m.gallery_row = g.row JOIN subject s ON s.row = m.subject_row
      WHERE g.retention_days IS NOT NULL AND m.added_at <= @nowMs - g.retention_days * 86400000 LIMIT @countMax`)
    this.#insert = db.prepare<[number, number, number]>(
      'INSERT INTO membership (gallery_row, subject_row, added_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    )
    this.#delete = db.prepare<[number, number]>('DELETE FROM membership WHERE gallery_row = ? AND subject_row = ?')
    this.#deleteOfSubject = db.prepare<[number]>('DELETE FROM membership WHERE subject_row = ?')
    this.#deleteOfGallery = db.prepare<[number]>('DELETE FROM membership WHERE gallery_row = ?')
    this.#move = db.prepare<[number, number]>(`
      INSERT INTO membership (gallery_row, subject_row, added_at)
      SELECT gallery_row, ?, added_at FROM membership WHERE subject_row = ? ON CONFLICT DO NOTHING`)
  }

  /** In alphabetical order. */
  galleryIdsOf(subjectRow: number): readonly string[] {
    return this.#galleryIds.all(subjectRow)
  }

  membersOf(galleryRow: number): readonly { readonly row: number; readonly id: string }[] {
    return this.#members.all(galleryRow)
  }

  /** Subjects in the order of enrolment, the first after `afterRow`. */
  page(afterRow: number, countMax: number) {
    return this.#page.all(afterRow, countMax).map(({ row, id, gallery_ids }) => {
      return { row, subjectId: id, galleryIds: (JSON.parse(gallery_ids) as string[]).sort() }
    })
  }

  expired(nowMs: number, countMax: number): readonly ExpiredMembership[] {
    return this.#expired.all({ nowMs, countMax })
  }

  /** Keeps the time of a membership that exists. */
  add(galleryRow: number, subjectRow: number, nowMs: number): void {
    this.#insert.run(galleryRow, subjectRow, nowMs)
  }

  remove(galleryRow: number, subjectRow: number): void {
    this.#delete.run(galleryRow, subjectRow)
  }

  removeOfSubject(subjectRow: number): void {
    this.#deleteOfSubject.run(subjectRow)
  }

  removeOfGallery(galleryRow: number): void {
    this.#deleteOfGallery.run(galleryRow)
  }

  /** Where both subjects are in a gallery, the time of `into` stays. */
  move(fromSubjectRow: number, intoSubjectRow: number): void {
    this.#move.run(intoSubjectRow, fromSubjectRow)
    this.#deleteOfSubject.run(fromSubjectRow)
  }
}
