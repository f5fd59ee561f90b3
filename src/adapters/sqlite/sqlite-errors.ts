import Database from 'better-sqlite3'
import { DomainError } from '../../domain/errors.js'

/** What the file, the disk or another process can be at fault for, by SQLite's primary result code. */
const FAILURES: Readonly<Record<string, { readonly expected: string; readonly got: string }>> = {
  SQLITE_BUSY: {
    expected: 'to be the only service on this data file',
    got: 'one that another process holds',
  },
  SQLITE_NOTADB: { expected: 'a Portcullis data file', got: 'a file that is damaged or of another kind' },
  SQLITE_CORRUPT: { expected: 'an undamaged data file', got: 'one that is damaged; restore it from a backup' },
  SQLITE_FULL: { expected: 'room for the data file', got: 'a disk that is full' },
  SQLITE_IOERR: { expected: 'a disk that reads and writes', got: 'an input/output error' },
  SQLITE_READONLY: { expected: 'a data file that can be written', got: 'one that is read-only' },
  SQLITE_CANTOPEN: { expected: 'a data file that can be opened', got: 'one that cannot' },
}

/** Runs `work`, turning failures of file and disk into DomainError UNAVAILABLE. Anything else is a bug and passes. */
export function explainFailures<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error
    const primaryCode = error.code.split('_').slice(0, 2).join('_') // SQLITE_IOERR_FSYNC → SQLITE_IOERR
    const failure = FAILURES[primaryCode]
    if (failure === undefined) throw error
    throw new DomainError('UNAVAILABLE', failure.expected, failure.got, { cause: error })
  }
}
