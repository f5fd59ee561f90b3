import type { Database } from 'better-sqlite3'
import { DomainError } from '../../domain/errors.js'
import type { Gallery } from '../../domain/gallery.js'
import type { GalleryRow } from './rows.js'

const COLUMNS =
  '*, (SELECT coalesce(sum(reference_count), 0) FROM tally WHERE gallery_row = gallery.row) AS reference_count'

export class GalleryTable {
  readonly #byId
  readonly #page
  readonly #count
  readonly #insert
  readonly #update
  readonly #delete

  constructor(db: Database) {
    this.#byId = db.prepare<[string], GalleryRow>(`SELECT ${COLUMNS} FROM gallery WHERE id = ?`)
    this.#page = db.prepare<[string, number], GalleryRow>(
      `SELECT ${COLUMNS} FROM gallery WHERE id > ? ORDER BY id LIMIT ?`,
    )
    this.#count = db.prepare<[], number>('SELECT count(*) FROM gallery').pluck()
    this.#insert = db.prepare(`
      INSERT INTO gallery (id, owner, purpose, minimum_quality, multi_face, candidate_count_max, retention_days,
                           probe_retention, created_at, updated_at)
      VALUES (@id, @owner, @purpose, @minimumQuality, @multiFace, @candidateCountMax, @retentionDays,
              @probeRetention, @createdAtMs, @updatedAtMs)`)
    this.#update = db.prepare(`
      UPDATE gallery
      SET owner = @owner, purpose = @purpose, minimum_quality = @minimumQuality, multi_face = @multiFace,
          candidate_count_max = @candidateCountMax, retention_days = @retentionDays,
          probe_retention = @probeRetention, updated_at = @updatedAtMs
      WHERE id = @id`)
    this.#delete = db.prepare<[number]>('DELETE FROM gallery WHERE row = ?')
  }

  find(id: string): GalleryRow | undefined {
    return this.#byId.get(id)
  }

  /** @throws DomainError GALLERY_NOT_FOUND naming `field` */
  require(id: string, field: string): GalleryRow {
    const row = this.#byId.get(id)
    if (row === undefined)
      throw new DomainError('GALLERY_NOT_FOUND', 'a gallery that exists', 'an unknown one', { field })
    return row
  }

  /** In alphabetical order, the first after `afterId`. */
  page(afterId: string, countMax: number): readonly GalleryRow[] {
    return this.#page.all(afterId, countMax)
  }

  count(): number {
    return this.#count.get() ?? 0
  }

  insert(gallery: Gallery): void {
    this.#insert.run(parameters(gallery))
  }

  update(gallery: Gallery): void {
    this.#update.run(parameters(gallery))
  }

  delete(row: number): void {
    this.#delete.run(row)
  }
}

function parameters({ policy, ...gallery }: Gallery): Record<string, string | number | null> {
  const { id, owner, purpose, createdAtMs, updatedAtMs } = gallery
  return { id, owner, purpose, ...policy, createdAtMs, updatedAtMs }
}
