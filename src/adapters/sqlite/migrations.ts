import type { Database } from 'better-sqlite3'
import { DomainError } from '../../domain/errors.js'
import { SCHEMA_1 } from './schema-1.js'
import { SCHEMA_2 } from './schema-2.js'
import { SCHEMA_3 } from './schema-3.js'

/** Step n brings a file from version n − 1 to n. Steps that were released are never edited, only added to. */
const STEPS: readonly string[] = [SCHEMA_1, SCHEMA_2, SCHEMA_3]

/** The version that this program writes. */
export const SCHEMA_VERSION = STEPS.length

/**
 * Brings the file to `SCHEMA_VERSION`, in one transaction.
 * @throws DomainError UNAVAILABLE when the file is of a newer version, or another program's
 */
export function migrate(db: Database, nowMs: number): void {
  db.transaction(() => {
    const version = versionOf(db)
    if (version > SCHEMA_VERSION) {
      const got = `one of version ${version}; a newer Portcullis has written it`
      throw new DomainError('UNAVAILABLE', `a data file of version ${SCHEMA_VERSION} or older`, got)
    }
    const record = db.prepare('INSERT INTO schema_migration (version, applied_at) VALUES (?, ?)')
    STEPS.slice(version).forEach((step, i) => {
      db.exec(step)
      record.run(version + i + 1, nowMs)
    })
  }).immediate()
}

/** 0 for an empty file. */
function versionOf(db: Database): number {
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all()
  if (tables.length > 0 && !tables.includes('schema_migration'))
    throw new DomainError('UNAVAILABLE', 'an empty file or a Portcullis data file', 'a database of another program')
  db.exec(
    'CREATE TABLE IF NOT EXISTS schema_migration (version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT',
  )
  return db.prepare('SELECT coalesce(max(version), 0) FROM schema_migration').pluck().get() as number
}
