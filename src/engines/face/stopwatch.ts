import type { Stage, TimingsMs } from '../../domain/analysis.js'
import { checkAlive, type CallContext } from '../../domain/context.js'

/** Runs the stages of one probe: each is timed, and none begins once nobody waits for the answer any more. */
export class Stopwatch {
  readonly #context: CallContext
  readonly #timingsMs: Partial<Record<Stage, number>> = {}

  constructor(context: CallContext) {
    this.#context = context
  }

  async time<T>(stage: Stage, work: () => T | Promise<T>): Promise<T> {
    checkAlive(this.#context)
    const startMs = performance.now()
    const result = await work()
    this.#timingsMs[stage] = (this.#timingsMs[stage] ?? 0) + performance.now() - startMs
    return result
  }

  get timingsMs(): TimingsMs {
    return { ...this.#timingsMs }
  }
}
