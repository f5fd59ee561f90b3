import type { Database } from 'better-sqlite3'
import { DomainError } from '../../domain/errors.js'
import { LIMITS } from '../../domain/limits.js'
import type { MutationKey } from '../../domain/ports.js'

const DAY_MS = 24 * 60 * 60 * 1_000

interface KeptRow {
  readonly method: string
  readonly fingerprint: string
  readonly response: string | null
}

/** Answers of mutations by request id, kept for `LIMITS.requestIdRetentionDays`. */
export class IdempotencyTable {
  readonly #find
  readonly #keep
  readonly #forgetSubject
  readonly #purge

  constructor(db: Database) {
    this.#find = db.prepare<[string], KeptRow>(
      'SELECT method, fingerprint, response FROM idempotency WHERE request_id = ?',
    )
    this.#keep = db.prepare<[string, string, string, string | null, string, number]>(`
      INSERT INTO idempotency (request_id, method, fingerprint, subject_id, response, kept_at)
      VALUES (?, ?, ?, ?, ?, ?)`)
    this.#forgetSubject = db.prepare<[string]>(
      'UPDATE idempotency SET response = NULL, subject_id = NULL WHERE subject_id = ?',
    )
    this.#purge = db.prepare<[number]>('DELETE FROM idempotency WHERE kept_at <= ?')
  }

  /**
   * The answer kept for this request, or undefined.
   * @throws DomainError REQUEST_ID_REUSED; SUBJECT_NOT_FOUND when the answer was about a subject deleted since
   */
  find(key: MutationKey): { readonly value: unknown } | undefined {
    const kept = key.requestId === '' ? undefined : this.#find.get(key.requestId)
    if (kept === undefined) return undefined
    if (kept.method !== key.method || kept.fingerprint !== key.fingerprint)
      throw new DomainError('REQUEST_ID_REUSED', 'a new request id, or the same content', 'other content', {
        field: 'request_id',
      })
    if (kept.response === null)
      throw new DomainError('SUBJECT_NOT_FOUND', 'a subject that exists', 'one deleted since the first request')
    return { value: JSON.parse(kept.response) as unknown }
  }

  /** @param subjectId the subject that the answer describes, with which it goes; null when it describes none */
  keep(key: MutationKey, subjectId: string | null, value: unknown, nowMs: number): void {
    if (key.requestId === '') return
    this.#keep.run(key.requestId, key.method, key.fingerprint, subjectId, JSON.stringify(value), nowMs)
  }

  forgetSubject(subjectId: string): void {
    this.#forgetSubject.run(subjectId)
  }

  purge(nowMs: number): void {
    this.#purge.run(nowMs - LIMITS.requestIdRetentionDays * DAY_MS)
  }
}
