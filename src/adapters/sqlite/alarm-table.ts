import type { Database } from 'better-sqlite3'
import { MONITOR_LIMITS, type Alarm, type AlarmOutcome, type TallyKey } from '../../domain/monitor.js'

interface AlarmRow {
  readonly row: number
  readonly algorithm: string
  readonly is_predicted: 0 | 1
  readonly day: number
}

export interface FoundAlarm extends TallyKey {
  readonly row: number
}

/** A gallery that alarmed, with what was found of it. */
export interface AlarmGalleryRow {
  readonly gallery_row: number
  readonly gallery_id: string
  readonly outcome: AlarmOutcome | null
}

/** Searches that referred candidates, as long as an outcome can be reported for them. Those of a deleted gallery go with it. */
export class AlarmTable {
  readonly #insert
  readonly #insertGallery
  readonly #find
  readonly #galleries
  readonly #setOutcome
  readonly #deleteGallery
  readonly #deleteOrphans
  readonly #deleteUpTo
  readonly #deleteBefore
  readonly #lastRow

  constructor(db: Database) {
    this.#insert = db.prepare<[string, string, number, number]>(
      'INSERT INTO alarm (search_id, algorithm, is_predicted, day) VALUES (?, ?, ?, ?)',
    )
    this.#insertGallery = db.prepare<[number, number | bigint]>(
      'INSERT INTO alarm_gallery (gallery_row, alarm_row) VALUES (?, ?)',
    )
    this.#find = db.prepare<[string], AlarmRow>(
      'SELECT row, algorithm, is_predicted, day FROM alarm WHERE search_id = ?',
    )
    this.#galleries = db.prepare<[number], AlarmGalleryRow>(`
      SELECT a.gallery_row, g.id AS gallery_id, a.outcome FROM alarm_gallery a JOIN gallery g ON g.row = a.gallery_row
      WHERE a.alarm_row = ?`)
    this.#setOutcome = db.prepare<[AlarmOutcome, number, number]>(
      'UPDATE alarm_gallery SET outcome = ? WHERE gallery_row = ? AND alarm_row = ?',
    )
    this.#deleteGallery = db.prepare<[number]>('DELETE FROM alarm_gallery WHERE gallery_row = ?')
    this.#deleteOrphans = db.prepare<[]>(
      'DELETE FROM alarm WHERE NOT EXISTS (SELECT 1 FROM alarm_gallery WHERE alarm_row = alarm.row)',
    )
    this.#deleteUpTo = [
      db.prepare<[number]>('DELETE FROM alarm_gallery WHERE alarm_row <= ?'),
      db.prepare<[number]>('DELETE FROM alarm WHERE row <= ?'),
    ]
    this.#deleteBefore = [
      db.prepare<[number]>('DELETE FROM alarm_gallery WHERE alarm_row IN (SELECT row FROM alarm WHERE day < ?)'),
      db.prepare<[number]>('DELETE FROM alarm WHERE day < ?'),
    ]
    this.#lastRow = db.prepare<[], number>('SELECT coalesce(max(row), 0) FROM alarm').pluck()
  }

  /** @param galleryRows at least one; one search comes once */
  insert({ searchId, algorithm, isPredicted, day }: Alarm, galleryRows: readonly number[]): void {
    const { lastInsertRowid } = this.#insert.run(searchId, algorithm, Number(isPredicted), day)
    for (const galleryRow of galleryRows) this.#insertGallery.run(galleryRow, lastInsertRowid)
  }

  find(searchId: string): FoundAlarm | undefined {
    const found = this.#find.get(searchId)
    return found === undefined ? undefined : { ...found, isPredicted: found.is_predicted === 1 }
  }

  galleriesOf(alarmRow: number): readonly AlarmGalleryRow[] {
    return this.#galleries.all(alarmRow)
  }

  setOutcome(alarmRow: number, galleryRow: number, outcome: AlarmOutcome): void {
    this.#setOutcome.run(outcome, galleryRow, alarmRow)
  }

  deleteOfGallery(galleryRow: number): void {
    this.#deleteGallery.run(galleryRow)
    this.#deleteOrphans.run()
  }

  /** Gives up the oldest beyond the limit. */
  trim(): void {
    const lastRow = (this.#lastRow.get() ?? 0) - MONITOR_LIMITS.alarmsMax
    for (const statement of this.#deleteUpTo) statement.run(lastRow)
  }

  purge(firstDayKept: number): void {
    for (const statement of this.#deleteBefore) statement.run(firstDayKept)
  }
}
