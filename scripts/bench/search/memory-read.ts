import { Worker } from 'node:worker_threads'
import loadWabt from 'wabt'
import type { IdentitySet } from './identities.js'
import type { Result } from './result.js'
import type { Search, Timing } from './timing.js'

export interface MemoryReadTask {
  readonly module: Uint8Array
  readonly byteCount: number
}

/** Bytes that one turn of the loop reads. */
export const TURN_BYTES = 128

/**
 * The limit: the same int8 bytes read and added up, 128 in a turn, nothing compared. No scan of them can be faster on as many
 * threads.
 */
export class MemoryReader {
  readonly #set: IdentitySet
  readonly #workers: readonly Worker[]

  private constructor(set: IdentitySet, workers: readonly Worker[]) {
    this.#set = set
    this.#workers = workers
  }

  static async open(set: IdentitySet, threadCount: number): Promise<MemoryReader> {
    const module = await readingModule()
    const byteCount = Math.floor((set.count * set.featureCount) / threadCount / TURN_BYTES) * TURN_BYTES
    const workerData: MemoryReadTask = { module, byteCount }
    const entry = new URL('./memory-worker.js', import.meta.url)
    const reader = new MemoryReader(
      set,
      Array.from({ length: threadCount }, () => new Worker(entry, { workerData })),
    )
    await reader.#replies() // ready
    return reader
  }

  /** Once from end to end; the probe is not looked at. */
  readonly read: Search = async () => {
    const done = this.#replies()
    for (const worker of this.#workers) worker.postMessage(null)
    await done
    return []
  }

  resultOf(timing: Timing): Result {
    const { count, featureCount } = this.#set
    const engine = `read of the int8 bytes, ${threads(this.#workers.length)} (the limit)`
    const nothing = { loadS: null, judgedCount: 0, hitCount: 0 }
    return { engine, count, featureCount, bytesPerTemplate: featureCount, timing, ...nothing }
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }

  #replies(): Promise<unknown> {
    return Promise.all(this.#workers.map((worker) => new Promise((resolve) => worker.once('message', resolve))))
  }
}

export function threads(count: number): string {
  return count === 1 ? '1 thread' : `${count} threads`
}

async function readingModule(): Promise<Uint8Array> {
  const wabt = await loadWabt()
  const module = wabt.parseWat('read.wat', readingText(), { simd: true })
  try {
    return module.toBinary({}).buffer
  } finally {
    module.destroy()
  }
}

function readingText(): string {
  const sums = Array.from({ length: TURN_BYTES / 16 }, (_, i) => `$sum${i}`)
  const reads = sums.map((sum, i) => {
    const load = `(v128.load offset=${16 * i} (local.get $at))`
    return `(local.set ${sum} (i64x2.add (local.get ${sum}) ${load}))`
  })
  const total = sums.map((sum) => `(local.get ${sum})`).reduce((a, b) => `(i64x2.add ${a} ${b})`)
  return `(module
    (import "env" "memory" (memory 1))
    (func (export "read") (param $at i32) (param $end i32) (result i64)
      ${sums.map((sum) => `(local ${sum} v128)`).join(' ')}
      (loop $turn
        ${reads.join('\n        ')}
        (local.set $at (i32.add (local.get $at) (i32.const ${TURN_BYTES})))
        (br_if $turn (i32.lt_u (local.get $at) (local.get $end))))
      (i64x2.extract_lane 0 ${total})))`
}
