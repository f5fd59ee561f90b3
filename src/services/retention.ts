import { setImmediate } from 'node:timers/promises'
import type { Logger, PurgeResult, Store } from '../domain/ports.js'
import type { References } from './references.js'

/** Retention is counted in days, so an hour is late by 4 % of the shortest one at most. */
const INTERVAL_MS = 60 * 60 * 1_000

/** Ends memberships past their gallery's retention, at the start and every hour. */
export class RetentionService {
  readonly #store: Store
  readonly #references: References
  readonly #logger: Logger
  readonly #now: () => number
  #timer: NodeJS.Timeout | undefined
  #isStopped = false

  constructor(store: Store, references: References, logger: Logger, now: () => number) {
    this.#store = store
    this.#references = references
    this.#logger = logger
    this.#now = now
  }

  /** Resolves after the first purge; later ones run by themselves and do not keep the process alive. */
  async start(): Promise<void> {
    await this.purge()
    this.#timer = setInterval(() => void this.#purgeQuietly(), INTERVAL_MS).unref()
  }

  stop(): void {
    this.#isStopped = true
    clearInterval(this.#timer)
  }

  /** Ends what is due now, in bounded steps between which other calls get their turn. */
  async purge(): Promise<PurgeResult> {
    const total = { membershipCount: 0, subjectCount: 0, probeCount: 0 }
    for (;;) {
      const step = await this.#references.commit(() => this.#store.purgeExpired(this.#now()))
      if (step.membershipCount + step.probeCount === 0) break
      total.membershipCount += step.membershipCount
      total.subjectCount += step.subjectCount
      total.probeCount += step.probeCount
      await setImmediate()
      if (this.#isStopped) break
    }
    if (total.membershipCount + total.probeCount > 0) this.#logger.info(total, 'what is past retention was deleted')
    return total
  }

  /** A purge that fails is tried again in an hour. */
  async #purgeQuietly(): Promise<void> {
    try {
      await this.purge()
    } catch (error) {
      this.#logger.error({ error }, 'what is past retention could not be deleted')
    }
  }
}
