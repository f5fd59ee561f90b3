import type { Database } from 'better-sqlite3'
import type { RetainedProbe } from '../../domain/ports.js'

/**
 * Probes kept as evidence. A gallery's retention bounds those of its searches too,
 * and a gallery that is deleted takes them along: nobody is left who answers for them.
 */
export class RetainedProbeTable {
  readonly #insert
  readonly #insertGallery
  readonly #ofGallery
  readonly #expired
  readonly #deletes

  constructor(db: Database) {
    this.#insert = db.prepare<[string, Uint8Array, number]>(
      'INSERT INTO retained_probe (search_id, bytes, retained_at) VALUES (?, ?, ?)',
    )
    this.#insertGallery = db.prepare<[number, number | bigint]>(
      'INSERT INTO retained_probe_gallery (gallery_row, probe_row) VALUES (?, ?)',
    )
    this.#ofGallery = db
      .prepare<[number], number>('SELECT probe_row FROM retained_probe_gallery WHERE gallery_row = ?')
      .pluck()
    this.#expired = db
      .prepare<[{ nowMs: number; countMax: number }], number>(
        `SELECT DISTINCT p.row FROM gallery g CROSS JOIN retained_probe_gallery pg ON pg.gallery_row = g.row
         JOIN retained_probe p ON p.row = pg.probe_row
         WHERE g.retention_days IS NOT NULL AND p.retained_at <= @nowMs - g.retention_days * 86400000
         LIMIT @countMax`,
      )
      .pluck()
    this.#deletes = [
      db.prepare<[number]>('DELETE FROM retained_probe_gallery WHERE probe_row = ?'),
      db.prepare<[number]>('DELETE FROM retained_probe WHERE row = ?'),
    ]
  }

  /** The first sample is kept under the search's id, the others under "<search id>/1", "/2" … */
  insert({ searchId, samples, retainedAtMs }: RetainedProbe, galleryRows: readonly number[]): void {
    for (const [i, bytes] of samples.entries()) {
      const { lastInsertRowid } = this.#insert.run(i === 0 ? searchId : `${searchId}/${i}`, bytes, retainedAtMs)
      for (const galleryRow of galleryRows) this.#insertGallery.run(galleryRow, lastInsertRowid)
    }
  }

  deleteOfGallery(galleryRow: number): void {
    this.#delete(this.#ofGallery.all(galleryRow))
  }

  /** @returns how many were deleted */
  purge(nowMs: number, countMax: number): number {
    const rows = this.#expired.all({ nowMs, countMax })
    this.#delete(rows)
    return rows.length
  }

  #delete(rows: readonly number[]): void {
    for (const row of rows) for (const statement of this.#deletes) statement.run(row)
  }
}
