import Database from 'better-sqlite3'
import { SqliteStore } from '../../../src/adapters/sqlite/sqlite-store.js'
import { rowOf, SAMPLES_PER_IDENTITY, type IdentitySet } from './identities.js'

/** The space of the file's templates. */
export const SPACE = 'bench'

/**
 * A data file as years of enrolment leave it: the store's own schema, one gallery, a subject with one encounter for each identity.
 * By SQL in one transaction, because the store acknowledges subjects one by one; samples hold no image, which a start does not read.
 */
export async function fillDataFile(file: string, set: IdentitySet): Promise<void> {
  await new SqliteStore(file, Date.now).close()
  const db = new Database(file)
  db.pragma('synchronous = OFF')
  const insert = statements(db)
  db.transaction(() => {
    insert.gallery.run()
    for (let row = 0; row < set.count; row++) {
      const identity = Math.floor(row / SAMPLES_PER_IDENTITY) + 1
      if (row % SAMPLES_PER_IDENTITY === 0) {
        insert.subject.run(identity, `subject-${identity}`)
        insert.encounter.run(identity, `encounter-${identity}`, identity)
        insert.membership.run(identity)
      }
      insert.sample.run(row + 1, identity)
      const features = rowOf(set, row)
      insert.reference.run(
        row + 1,
        row + 1,
        identity,
        new Uint8Array(features.buffer, features.byteOffset, features.byteLength),
      )
    }
    insert.tally.run(set.count)
  })()
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
}

function statements(db: Database.Database) {
  const sample = `INSERT INTO sample (row, encounter_row, modality, format, width_px, height_px, algorithm, face, quality, bytes)
    VALUES (?, ?, 'face', 'jpeg', 1, 1, '${SPACE}', '{}', '{}', x'00')`
  return {
    gallery: db.prepare(
      `INSERT INTO gallery VALUES (1, 'bench', 'bench', 'bench', 0, 'reject', 10, NULL, 'none', 0, 0, 0)`,
    ),
    subject: db.prepare<[number, string]>(`INSERT INTO subject VALUES (?, ?, '', '', '{}', 0, 0)`),
    encounter: db.prepare<[number, string, number]>(`INSERT INTO encounter VALUES (?, ?, ?, 'active', '', NULL, 0)`),
    membership: db.prepare<[number]>('INSERT INTO membership VALUES (1, ?, 0)'),
    sample: db.prepare<[number, number]>(sample),
    reference: db.prepare<[number, number, number, Uint8Array]>(
      `INSERT INTO reference VALUES (?, ?, ?, '${SPACE}', ?)`,
    ),
    tally: db.prepare<[number]>(`INSERT INTO tally VALUES (1, '${SPACE}', ?)`),
  }
}
