import { randomInt } from 'node:crypto'
import { checkAlive, type CallContext } from '../domain/context.js'
import { DomainError, invalid } from '../domain/errors.js'
import type { FingerIndexStatus } from '../domain/finger-search.js'
import type { IndexStatus } from '../domain/search.js'
import { auditIndex, type AuditIndexProgress } from './index-check/audit-index.js'
import { draw, seededRandom } from './index-check/seeded.js'
import { verifyIndex, type VerifyIndexProgress } from './index-check/verify-index.js'
import type { FingerReferences } from './finger-references.js'
import type { References } from './references.js'

export interface IndexReport extends IndexStatus {
  /** The space that is searched. */
  readonly algorithm: string
  /** The fingerprints, which are searched by an index of their own. */
  readonly fingers: FingerIndexStatus & { readonly algorithm: string }
}

export interface VerifyIndexCommand {
  /** References to look at; 0 for every one. */
  readonly sampleCount: number
  /** 0 for a new draw. */
  readonly seed: number
}

export interface AuditIndexCommand {
  /** 0 for `PROBES_DEFAULT`. */
  readonly probeCount: number
  /** 0 for a new draw. */
  readonly seed: number
}

/** Progress with the seed that makes the same draw again. */
export type Seeded<Progress> = Progress & { readonly seed: number }

/** No miss among 1,000 bounds the share missed by 0.3 % with 95 % confidence. */
const PROBES_DEFAULT = 1_000
const PROBES_MAX = 100_000
const RETRY_AFTER_MS = 10_000

/** Looks after the searched index: what it holds, whether it is right, and making it anew. It changes nothing that is enrolled. */
export class IndexAdminService {
  readonly #references: References
  readonly #fingers: FingerReferences
  #isChecking = false

  constructor(references: References, fingers: FingerReferences) {
    this.#references = references
    this.#fingers = fingers
  }

  status(): IndexReport {
    const { algorithm, status } = this.#fingers
    return { algorithm: this.#references.algorithm, ...this.#references.status, fingers: { algorithm, ...status } }
  }

  /**
   * Loads the exact scan again, in turn with the changes, unless `graphOnly`; then has the graph built anew in the background.
   * @throws DomainError UNAVAILABLE when the scan could not be loaded; it is then tried again in the background
   */
  async rebuild(graphOnly: boolean, context: CallContext): Promise<IndexReport> {
    checkAlive(context)
    if (!graphOnly) await this.#references.reload()
    this.#references.rebuildGraph()
    return this.status()
  }

  /** Searches references by their own templates. @throws DomainError OVERLOADED, UNAVAILABLE, CANCELLED, DEADLINE_EXCEEDED */
  async *verify(command: VerifyIndexCommand, context: CallContext): AsyncGenerator<Seeded<VerifyIndexProgress>> {
    const seed = command.seed || newSeed()
    const ids = this.#references.referenceIds()
    const looked = command.sampleCount === 0 ? ids : draw(ids, command.sampleCount, seededRandom(seed))
    yield* this.#alone(verifyIndex(this.#references, looked, context), seed)
  }

  /** Counts what the graph misses. @throws DomainError INVALID_ARGUMENT, and as `verify()`; UNAVAILABLE also without a graph */
  async *audit(command: AuditIndexCommand, context: CallContext): AsyncGenerator<Seeded<AuditIndexProgress>> {
    const { probeCount } = command
    if (probeCount > PROBES_MAX) throw invalid('probe_count', `at most ${PROBES_MAX}`, String(probeCount))
    this.#checkGraph()
    const seed = command.seed || newSeed()
    const ids = draw(this.#references.referenceIds(), probeCount || PROBES_DEFAULT, seededRandom(seed))
    yield* this.#alone(auditIndex(this.#references, ids, seed, context), seed)
  }

  /** One at a time: each keeps the shards busy. */
  async *#alone<Progress>(check: AsyncGenerator<Progress>, seed: number): AsyncGenerator<Seeded<Progress>> {
    if (this.#isChecking)
      throw new DomainError('OVERLOADED', 'one verification or audit of the index at a time', 'one more', {
        retryAfterMs: RETRY_AFTER_MS,
      })
    this.#isChecking = true
    try {
      for await (const progress of check) yield { ...progress, seed }
    } finally {
      this.#isChecking = false
    }
  }

  #checkGraph(): void {
    const { graph } = this.#references.status
    if (graph?.state === 'ready') return
    const got = graph === null ? 'a service without one' : `one that is ${graph.state}: ${graph.reason}`
    throw new DomainError('UNAVAILABLE', 'a graph to audit', got, { retryAfterMs: RETRY_AFTER_MS })
  }
}

function newSeed(): number {
  return randomInt(1, 2 ** 32)
}
