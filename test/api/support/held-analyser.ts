import { setTimeout as sleep } from 'node:timers/promises'
import type { AnalysisRequest, FaceAnalysis } from '../../../src/domain/analysis.js'
import type { CallContext } from '../../../src/domain/context.js'
import { DomainError } from '../../../src/domain/errors.js'
import type { FaceAnalyser } from '../../../src/domain/ports.js'

/**
 * An analyser with a few places and a duration, as the pool of workers has: what it finds is what the inner one finds.
 * It counts, so that a test can say how much was in work at once.
 */
export class HeldAnalyser implements FaceAnalyser {
  /** How long one analysis takes; it ends early, with CANCELLED, when its call does. */
  durationMs = 0
  /** Analyses at once; one more is refused with OVERLOADED. */
  placesMax = Infinity
  /** When set, each analysis throws it: a bug in the pipeline. */
  bug: Error | null = null

  inWorkCount = 0
  inWorkCountMax = 0
  startedCount = 0
  cancelledCount = 0
  overloadedCount = 0

  readonly #inner: FaceAnalyser

  constructor(inner: FaceAnalyser) {
    this.#inner = inner
  }

  get algorithm() {
    return this.#inner.algorithm
  }

  async analyse(request: AnalysisRequest, context: CallContext): Promise<FaceAnalysis> {
    if (this.bug !== null) throw this.bug
    if (this.inWorkCount >= this.placesMax) {
      this.overloadedCount++
      throw new DomainError('OVERLOADED', 'a free place', 'none', { retryAfterMs: 10 })
    }
    this.startedCount++
    this.inWorkCount++
    this.inWorkCountMax = Math.max(this.inWorkCountMax, this.inWorkCount)
    try {
      await this.#take(context)
      return await this.#inner.analyse(request, context)
    } finally {
      this.inWorkCount--
    }
  }

  async #take(context: CallContext): Promise<void> {
    if (this.durationMs === 0) return
    try {
      await sleep(this.durationMs, undefined, { signal: context.signal })
    } catch {
      this.cancelledCount++
      throw new DomainError('CANCELLED', 'a waiting caller', 'the call was cancelled')
    }
  }
}
