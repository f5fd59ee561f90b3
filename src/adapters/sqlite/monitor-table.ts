import type { Database } from 'better-sqlite3'
import type { AlarmOutcome, SearchTally, TallyKey } from '../../domain/monitor.js'

/** Sums over the days asked for, of one space. */
export interface MonitorRow {
  readonly algorithm: string
  readonly is_predicted: 0 | 1
  readonly search_count: number
  readonly alarm_count: number
  readonly predicted_rate: number
  readonly predicted_lower95: number
  readonly predicted_upper95: number
  readonly same_person_count: number
  readonly different_people_count: number
  readonly inconclusive_count: number
}

/** Where an outcome is counted. */
const COLUMN: Readonly<Record<AlarmOutcome, string>> = {
  'same-person': 'same_person_count',
  'different-people': 'different_people_count',
  inconclusive: 'inconclusive_count',
}

/** What is counted of each gallery, space and day. */
export class MonitorTable {
  readonly #add
  readonly #count
  readonly #sums
  readonly #deleteGallery
  readonly #purge

  constructor(db: Database) {
    this.#add = db.prepare(`
      INSERT INTO monitor (gallery_row, algorithm, is_predicted, day, search_count, alarm_count,
                           predicted_rate, predicted_lower95, predicted_upper95)
      VALUES (@galleryRow, @algorithm, @isPredicted, @day, @searchCount, @alarmCount, @rate, @lower95, @upper95)
      ON CONFLICT DO UPDATE SET
        search_count = search_count + excluded.search_count,
        alarm_count = alarm_count + excluded.alarm_count,
        predicted_rate = predicted_rate + excluded.predicted_rate,
        predicted_lower95 = predicted_lower95 + excluded.predicted_lower95,
        predicted_upper95 = predicted_upper95 + excluded.predicted_upper95`)
    const counting = (outcome: AlarmOutcome) =>
      db.prepare<[number, number, number, string, number]>(`
        UPDATE monitor SET ${COLUMN[outcome]} = ${COLUMN[outcome]} + ?
        WHERE gallery_row = ? AND day = ? AND algorithm = ? AND is_predicted = ?`)
    this.#count = {
      'same-person': counting('same-person'),
      'different-people': counting('different-people'),
      inconclusive: counting('inconclusive'),
    }
    const sum = (column: string): string => `sum(${column}) AS ${column}`
    const sums = ['search_count', 'alarm_count', 'predicted_rate', 'predicted_lower95', 'predicted_upper95']
    this.#sums = db.prepare<[number, number, number], MonitorRow>(`
      SELECT algorithm, is_predicted, ${[...sums, ...Object.values(COLUMN)].map(sum).join(', ')}
      FROM monitor WHERE gallery_row = ? AND day BETWEEN ? AND ?
      GROUP BY algorithm, is_predicted ORDER BY algorithm, is_predicted DESC`)
    this.#deleteGallery = db.prepare<[number]>('DELETE FROM monitor WHERE gallery_row = ?')
    this.#purge = db.prepare<[number]>('DELETE FROM monitor WHERE day < ?')
  }

  add(galleryRow: number, tally: SearchTally): void {
    const { algorithm, isPredicted, day, searchCount, alarmCount, predictedSum } = tally
    const key = { galleryRow, algorithm, isPredicted: Number(isPredicted), day }
    this.#add.run({ ...key, searchCount, alarmCount, ...predictedSum })
  }

  /** @param change 1 to count an outcome, −1 to take it back */
  countOutcome(galleryRow: number, key: TallyKey, outcome: AlarmOutcome, change: 1 | -1): void {
    this.#count[outcome].run(change, galleryRow, key.day, key.algorithm, Number(key.isPredicted))
  }

  sums(galleryRow: number, firstDay: number, lastDay: number): readonly MonitorRow[] {
    return this.#sums.all(galleryRow, firstDay, lastDay)
  }

  deleteOfGallery(galleryRow: number): void {
    this.#deleteGallery.run(galleryRow)
  }

  purge(firstDayKept: number): void {
    this.#purge.run(firstDayKept)
  }
}
