import type { CallContext } from '../../domain/context.js'
import { DomainError } from '../../domain/errors.js'
import { extractorDown } from '../../domain/extractor-failures.js'
import type { FingerImage, OutsideExtractor } from '../../domain/extractor.js'
import { ModuleThread, type ModuleThreadOptions } from './module-thread.js'
import type { Question } from './protocol.js'

export interface ModuleExtractorOptions extends ModuleThreadOptions {
  /** Threads with the module in them: so many calls are worked on at once. */
  readonly threadCount: number
}

/** For JavaScript and WebAssembly; an extractor that needs more belongs in a process of its own. */
export const MODULE_DEFAULTS = { heapMbMax: 512, startMsMax: 30_000, graceMs: 100 } as const

const RETRY_AFTER_MS = 100

/**
 * An extractor from an ES module, in threads of its own: whatever it does there, the service goes on.
 * It is no sandbox: a module is code that the administrator trusts, as far as its intent goes.
 */
export class ModuleExtractor implements OutsideExtractor {
  readonly #threads: readonly ModuleThread[]

  constructor({ threadCount, ...options }: ModuleExtractorOptions) {
    this.#threads = Array.from({ length: threadCount }, () => new ModuleThread(options))
  }

  async describe(context: CallContext): Promise<unknown> {
    return this.#ask({ kind: 'describe' }, context)
  }

  async quality(image: FingerImage, context: CallContext): Promise<unknown> {
    return this.#ask({ kind: 'quality', image }, context)
  }

  async extract(image: FingerImage, context: CallContext): Promise<unknown> {
    return this.#ask({ kind: 'extract', image }, context)
  }

  /** A thread that works on something else is well enough. */
  async health(context: CallContext): Promise<void> {
    if (this.#threads.some(isFree)) await this.#ask({ kind: 'health' }, context)
    else if (this.#threads.every((thread) => thread.restartMs > 0)) throw this.#down()
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()))
  }

  async #ask(question: Question, { signal }: CallContext): Promise<unknown> {
    const free = this.#threads.find((thread) => thread.isFree && thread.isReady) ?? this.#threads.find(isFree)
    if (free !== undefined) return free.ask(question, signal)
    if (this.#threads.some((thread) => thread.restartMs > 0)) throw this.#down()
    throw new DomainError('OVERLOADED', 'a thread that is free', 'none', { retryAfterMs: RETRY_AFTER_MS })
  }

  #down(): DomainError {
    const waitsMs = this.#threads.map((thread) => thread.restartMs).filter((waitMs) => waitMs > 0)
    return extractorDown('one that fell over and is started again', Math.min(...waitsMs))
  }
}

function isFree(thread: ModuleThread): boolean {
  return thread.isFree
}
