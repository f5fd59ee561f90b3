import type { Database } from 'better-sqlite3'
import { DomainError, orDomainError } from '../../domain/errors.js'
import type { Mutated, MutationKey } from '../../domain/ports.js'
import { NO_CHANGE, type Outcome } from './changes.js'
import { explainFailures } from './sqlite-errors.js'
import { Tables } from './tables.js'

/** Runs work on the tables, each in one synchronous transaction that is durable when the call returns. */
export class Transactions {
  readonly #db: Database
  readonly #tables: Tables
  readonly #now: () => number

  constructor(db: Database, now: () => number) {
    this.#db = db
    this.#tables = explainFailures(() => tablesOf(db))
    this.#now = now
  }

  read<T>(work: (tables: Tables) => T): T {
    return this.#run(() => this.#db.transaction(() => work(this.#tables)).deferred())
  }

  write<T>(work: (tables: Tables) => T): T {
    return this.#run(() => this.#db.transaction(() => work(this.#tables)).immediate())
  }

  /**
   * Does what `key` asks, or gives the answer kept for it.
   * @param subjectId the subject that the answer describes; null when it describes none
   */
  mutate<T>(key: MutationKey, subjectId: string | null, work: (tables: Tables) => Outcome<T>): Mutated<T> {
    return this.write((tables) => {
      const kept = tables.idempotency.find(key)
      if (kept !== undefined) return { value: kept.value as T, change: NO_CHANGE, replayed: true }
      const outcome = work(tables)
      tables.idempotency.keep(key, subjectId, outcome.value, this.#now())
      return { ...outcome, replayed: false }
    })
  }

  /**
   * One transaction over several items, each in a savepoint of its own: what an item throws as DomainError is its outcome, and
   * takes back that item alone.
   */
  writeEach<Item, T>(items: readonly Item[], work: (tables: Tables, item: Item) => T): readonly (T | DomainError)[] {
    const one = this.#db.transaction((item: Item) => work(this.#tables, item)) // inside another one it is a savepoint
    return this.write(() => items.map((item) => orDomainError(() => one(item))))
  }

  /** A mutation that deletes: `secure_delete` zeroes the file's pages, and what the log still holds goes too. */
  erase<T>(key: MutationKey, subjectId: string | null, work: (tables: Tables) => Outcome<T>): Mutated<T> {
    const mutated = this.mutate(key, subjectId, work)
    try {
      this.#db.pragma('wal_checkpoint(TRUNCATE)')
    } catch {
      // The deletion is committed and must take effect in the index: the next one, or closing, empties the log.
    }
    return mutated
  }

  close(): void {
    explainFailures(() => this.#db.close())
  }

  #run<T>(work: () => T): T {
    if (!this.#db.open) throw new DomainError('UNAVAILABLE', 'an open data file', 'one that was closed')
    return explainFailures(work)
  }
}

function tablesOf(db: Database): Tables {
  try {
    return new Tables(db)
  } catch (error) {
    db.close() // or the file stays locked
    throw error
  }
}
