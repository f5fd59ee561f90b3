import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { DomainError } from '../../domain/errors.js'
import { migrate } from './migrations.js'
import { explainFailures } from './sqlite-errors.js'

/** How long another process may hold the file before this one gives up: long enough for a backup's last page. */
const BUSY_TIMEOUT_MS = 500

/** Pages of the log (4 KiB each) after which it is copied into the file: an import fills SQLite's own 1,000 every eighth commit. */
const CHECKPOINT_PAGES = 4_000

/** What the write-ahead log may keep on disk after a checkpoint. */
const WAL_BYTES_MAX = 64 * 1024 * 1024

/**
 * Opens the data file, making it (mode 0600) and its folder (mode 0700) where there is none, and migrates it.
 * @throws DomainError UNAVAILABLE when another process holds it, it is damaged, newer, or cannot be written
 */
export function openDatabase(path: string, nowMs: number): Database.Database {
  makePrivate(path)
  const db = explainFailures(() => new Database(path, { timeout: BUSY_TIMEOUT_MS }))
  try {
    explainFailures(() => {
      setPragmas(db)
      migrate(db, nowMs)
    })
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function setPragmas(db: Database.Database): void {
  db.pragma('locking_mode = EXCLUSIVE') // one service per file; before WAL, whose shared memory file is then not needed
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL') // an acknowledged enrolment survives a power cut
  db.pragma('foreign_keys = ON')
  db.pragma('secure_delete = ON') // deleted biometric data is overwritten with zeros
  db.pragma('trusted_schema = OFF')
  db.pragma('cell_size_check = ON') // damaged pages are noticed when they are read
  db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
  db.pragma(`journal_size_limit = ${WAL_BYTES_MAX}`)
}

function makePrivate(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    closeSync(openSync(path, 'a', 0o600)) // SQLite gives its log the mode of the data file
    chmodSync(path, 0o600)
  } catch (cause) {
    throw new DomainError('UNAVAILABLE', 'a data file that can be written', 'one that cannot', { cause })
  }
}
