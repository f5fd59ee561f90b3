import type { Database } from 'better-sqlite3'
import type { Encounter, EncounterStatus, NewEncounter, NewSample } from '../../domain/subject.js'
import { featuresToBlob } from './features-blob.js'
import { encounterFromRow, sampleDetails, sampleFromRow, type EncounterRow, type SampleRow } from './rows.js'

/** Encounters with their samples and the references made of them. */
export class EncounterTable {
  readonly #byId
  readonly #ofSubject
  readonly #samplesOfSubject
  readonly #count
  readonly #insert
  readonly #insertSample
  readonly #insertReference
  readonly #setStatus
  readonly #move
  readonly #deletes

  constructor(db: Database) {
    this.#byId = db.prepare<[string], EncounterRow & { subject_row: number }>('SELECT * FROM encounter WHERE id = ?')
    this.#ofSubject = db.prepare<[number], EncounterRow>(
      'SELECT * FROM encounter WHERE subject_row = ? ORDER BY created_at, row',
    )
    this.#samplesOfSubject = db.prepare<[number], SampleRow>(`
      SELECT encounter_row, algorithm, details FROM sample
      WHERE encounter_row IN (SELECT row FROM encounter WHERE subject_row = ?) ORDER BY row`)
    this.#count = db.prepare<[number], number>('SELECT count(*) FROM encounter WHERE subject_row = ?').pluck()
    this.#insert = db.prepare(`
      INSERT INTO encounter (id, subject_row, status, source, captured_at, created_at)
      VALUES (@id, @subjectRow, @status, @source, @capturedAtMs, @createdAtMs)`)
    this.#insertSample = db.prepare(`
      INSERT INTO sample (encounter_row, modality, algorithm, details, bytes)
      VALUES (@encounterRow, @modality, @algorithm, @details, @bytes)`)
    this.#insertReference = db.prepare(`
      INSERT INTO reference (sample_row, encounter_row, algorithm, modality, features)
      VALUES (@sampleRow, @encounterRow, @algorithm, @modality, @features)`)
    this.#setStatus = db.prepare<[EncounterStatus, number]>('UPDATE encounter SET status = ? WHERE row = ?')
    this.#move = db.prepare<[number, number]>('UPDATE encounter SET subject_row = ? WHERE subject_row = ?')
    this.#deletes = ['reference', 'sample'].map((table) =>
      db.prepare<[number]>(`
        DELETE FROM ${table} WHERE encounter_row IN (SELECT row FROM encounter WHERE subject_row = ?)`),
    )
    this.#deletes.push(db.prepare<[number]>('DELETE FROM encounter WHERE subject_row = ?'))
  }

  find(id: string): (EncounterRow & { readonly subject_row: number }) | undefined {
    return this.#byId.get(id)
  }

  /** Oldest first. */
  ofSubject(subjectRow: number): readonly Encounter[] {
    const samples = this.#samplesOfSubject.all(subjectRow)
    return this.#ofSubject.all(subjectRow).map((encounter) => {
      const own = samples.filter((sample) => sample.encounter_row === encounter.row)
      return encounterFromRow(encounter, own.map(sampleFromRow))
    })
  }

  countOfSubject(subjectRow: number): number {
    return this.#count.get(subjectRow) ?? 0
  }

  /** @returns the row */
  insert(subjectRow: number, encounter: NewEncounter): number {
    const { id, status, source, capturedAtMs, createdAtMs, samples } = encounter
    const { lastInsertRowid } = this.#insert.run({ id, subjectRow, status, source, capturedAtMs, createdAtMs })
    const row = Number(lastInsertRowid)
    for (const sample of samples) this.#insertWithReference(row, sample)
    return row
  }

  setStatus(row: number, status: EncounterStatus): void {
    this.#setStatus.run(status, row)
  }

  move(fromSubjectRow: number, intoSubjectRow: number): void {
    this.#move.run(intoSubjectRow, fromSubjectRow)
  }

  deleteOfSubject(subjectRow: number): void {
    for (const statement of this.#deletes) statement.run(subjectRow)
  }

  #insertWithReference(encounterRow: number, sample: NewSample): void {
    const { modality, algorithm, bytes } = sample
    const parameters = { encounterRow, modality, algorithm, details: sampleDetails(sample), bytes }
    const sampleRow = Number(this.#insertSample.run(parameters).lastInsertRowid)
    const features = 'record' in sample ? Buffer.from(sample.record) : featuresToBlob(sample.template.features)
    this.#insertReference.run({ sampleRow, encounterRow, algorithm, modality, features })
  }
}
