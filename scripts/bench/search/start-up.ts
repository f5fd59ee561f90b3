import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import Database from 'better-sqlite3'
import { SqliteStore } from '../../../src/adapters/sqlite/sqlite-store.js'
import { rowOf, SAMPLES_PER_IDENTITY, type IdentitySet } from './identities.js'

const run = promisify(execFile)
const STARTS = 3

/** What each start is told. */
export interface StartTask {
  readonly file: string
  readonly algorithm: string
  readonly featureCount: number
  readonly threadCount: number
}

/** What it prints, as JSON. */
export interface StartReport {
  readonly readyS: number
  readonly referenceCount: number
  /** Of the whole process, when ready. */
  readonly residentBytes: number
}

const ALGORITHM = 'bench'
const THREADS = 2

/**
 * From a closed data file until every reference can be searched, in new processes, one after the other: the store is opened,
 * memberships and references are read and checked, the shards filled. The pages of the file are in the system's cache.
 * @throws Error when a start did not find every reference
 */
export async function measureStarts(set: IdentitySet, folder: string): Promise<readonly StartReport[]> {
  const file = join(folder, 'start', 'portcullis.sqlite')
  await fill(file, set)
  const task: StartTask = { file, algorithm: ALGORITHM, featureCount: set.featureCount, threadCount: THREADS }
  const program = fileURLToPath(new URL('./start-child.js', import.meta.url))
  const reports: StartReport[] = []
  while (reports.length < STARTS) {
    const { stdout } = await run(process.execPath, [program, JSON.stringify(task)])
    const report = JSON.parse(stdout) as StartReport
    if (report.referenceCount !== set.count) throw new Error('a start did not find every reference')
    reports.push(report)
  }
  await rm(join(folder, 'start'), { recursive: true, force: true })
  return reports
}

/**
 * A data file as years of enrolment leave it: the store's own schema, one gallery, a subject with one encounter for each identity.
 * By SQL in one transaction, because the store acknowledges subjects one by one; samples hold no image, which a start does not read.
 */
async function fill(file: string, set: IdentitySet): Promise<void> {
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
    VALUES (?, ?, 'face', 'jpeg', 1, 1, '${ALGORITHM}', '{}', '{}', x'00')`
  return {
    gallery: db.prepare(
      `INSERT INTO gallery VALUES (1, 'bench', 'bench', 'bench', 0, 'reject', 10, NULL, 'none', 0, 0, 0)`,
    ),
    subject: db.prepare<[number, string]>(`INSERT INTO subject VALUES (?, ?, '', '', '{}', 0, 0)`),
    encounter: db.prepare<[number, string, number]>(`INSERT INTO encounter VALUES (?, ?, ?, 'active', '', NULL, 0)`),
    membership: db.prepare<[number]>('INSERT INTO membership VALUES (1, ?, 0)'),
    sample: db.prepare<[number, number]>(sample),
    reference: db.prepare<[number, number, number, Uint8Array]>(
      `INSERT INTO reference VALUES (?, ?, ?, '${ALGORITHM}', ?)`,
    ),
    tally: db.prepare<[number]>(`INSERT INTO tally VALUES (1, '${ALGORITHM}', ?)`),
  }
}
