import { bytesOf, paddedCount, readRow, ROWS_PER_BLOCK, writeRow } from './block-layout.js'
import { GreatestScores } from './greatest-scores.js'
import type { Scan } from './kernel.js'
import { hasTag, type Quantiser, type ShardAnswer, type ShardQuery } from '../../domain/search.js'
import { quantiseRow, scoreBound } from './quantiser.js'
import { SlotTable } from './slot-table.js'

/** Rows in one call of the kernel: their codes and hits stay in the second-level cache, and the limit rises between calls. */
const CHUNK_ROWS = 4096
/** Queries in one pass: their codes (2 KiB each at 1,024 features) have one page at the beginning of the memory. */
export const QUERIES_MAX = 16
/** 16 probes of 2 bytes a feature fill the probes' page, and 8000·127·2048 stays below 2^31 in the kernel's sums. */
export const FEATURE_COUNT_MAX = 2048
const HIT_BYTES = 8
const PAGE = 65536

/**
 * The exact scan over one shard of references, held as int8 codes in WebAssembly memory.
 *
 * Memory per row: the padded codes, 8 bytes of reference id, 4 of tag. The memory begins with one page for the probe, then the
 * hits of one chunk, then the rows.
 */
export class ExactShard {
  readonly #memory: WebAssembly.Memory
  readonly #scan: Scan
  readonly #quantiser: Quantiser
  readonly #padded: number
  readonly #slots = new SlotTable()
  readonly #codes: Int8Array
  /** Error norm of each slot that loses more than the quantiser's E. */
  readonly #exceptions = new Map<number, number>()
  readonly #firstRow: number

  /** @throws RangeError beyond `FEATURE_COUNT_MAX` */
  constructor(featureCount: number, memory: WebAssembly.Memory, scan: Scan, quantiser: Quantiser) {
    if (featureCount > FEATURE_COUNT_MAX)
      throw new RangeError(`at most ${FEATURE_COUNT_MAX} features, not ${featureCount}`)
    this.#memory = memory
    this.#scan = scan
    this.#quantiser = quantiser
    this.#padded = paddedCount(featureCount)
    this.#codes = new Int8Array(this.#padded)
    this.#firstRow = PAGE * (1 + Math.ceil((CHUNK_ROWS * HIT_BYTES + 16) / PAGE))
  }

  get size(): number {
    return this.#slots.liveCount
  }

  get exceptionCount(): number {
    return this.#exceptions.size
  }

  /** Bytes of memory that the rows take, with their ids and tags. */
  get bytes(): number {
    return this.#memory.buffer.byteLength + this.#slots.bytes
  }

  has(referenceId: number): boolean {
    return this.#slots.slotOf(referenceId) !== undefined
  }

  /** The caller has checked the features (`checkFeatures`). A known id is an error of the caller. */
  add(referenceId: number, features: Float32Array, tag: number): void {
    const slot = this.#slots.append(referenceId, tag)
    this.#grow(slot + 1)
    const error = quantiseRow(features, this.#quantiser.step, this.#codes)
    writeRow(this.#rows(), slot, this.#padded, this.#codes)
    if (!(error <= this.#quantiser.errorMax)) this.#exceptions.set(slot, error)
  }

  /** The row is zeroed: the codes of a deleted person do not stay in memory. */
  remove(referenceId: number): boolean {
    const slot = this.#slots.remove(referenceId)
    if (slot === undefined) return false
    writeRow(this.#rows(), slot, this.#padded, this.#codes.fill(0))
    this.#exceptions.delete(slot)
    return true
  }

  setTag(referenceId: number, tag: number): boolean {
    return this.#slots.setTag(referenceId, tag)
  }

  search(query: ShardQuery): ShardAnswer {
    return this.searchAll([query])[0]!
  }

  /** Several queries in one pass over memory: each chunk is scanned for all of them while it is in the cache. */
  searchAll(queries: readonly ShardQuery[]): readonly ShardAnswer[] {
    if (queries.length > QUERIES_MAX) throw new RangeError(`at most ${QUERIES_MAX} queries in one pass`)
    const passes = queries.map((query) => new Pass(query, this.#quantiser))
    const memory = new Int16Array(this.#memory.buffer)
    passes.forEach(({ query }, i) => memory.set(query.probe.codes, i * this.#padded))
    const hits = new Int32Array(this.#memory.buffer, PAGE, (this.#firstRow - PAGE) / 4)
    for (let first = 0; first < this.#slots.length; first += CHUNK_ROWS) {
      const blocks = Math.ceil(Math.min(CHUNK_ROWS, this.#slots.length - first) / ROWS_PER_BLOCK)
      const rows = this.#firstRow + first * this.#padded
      passes.forEach((pass, i) => {
        const probe = i * this.#padded * Int16Array.BYTES_PER_ELEMENT
        const count = this.#scan(rows, blocks, probe, this.#padded / 64, pass.leastInteger, PAGE)
        pass.take(hits, count, first, this.#slots, this.#exceptions)
      })
    }
    this.#judgeExceptions(passes)
    return passes.map((pass) => pass.finish(this.#slots))
  }

  /**
   * One by one, in plain JavaScript: they are one or two in a thousand rows. Were all of them sent to be compared, each search of
   * a million would read as many stored features, 1,700 instead of about 50 (`npm run bench -- search`: "compared").
   */
  #judgeExceptions(passes: readonly Pass[]): void {
    const rows = this.#rows()
    for (const [slot, error] of this.#exceptions) {
      readRow(rows, slot, this.#padded, this.#codes)
      for (const pass of passes) pass.judgeException(slot, this.#codes, error, this.#slots)
    }
  }

  #rows(): Int8Array {
    return new Int8Array(this.#memory.buffer, this.#firstRow)
  }

  #grow(rowCount: number): void {
    const needed = this.#firstRow + bytesOf(rowCount, this.#padded)
    const lacking = needed - this.#memory.buffer.byteLength
    if (lacking > 0) this.#memory.grow(Math.ceil(Math.max(lacking, 64 * PAGE) / PAGE))
  }
}

/** One query on its way through the shard. */
class Pass {
  readonly query: ShardQuery
  readonly #bound: number
  /** Worth of one unit of the integer score. */
  readonly #unit: number
  readonly #best: GreatestScores
  #slots: number[] = []
  #scores: number[] = []
  readonly #keptExceptions: number[] = []
  #least: number

  constructor(query: ShardQuery, quantiser: Quantiser) {
    this.query = query
    this.#bound = scoreBound(query.probe, quantiser)
    this.#unit = query.probe.scale * quantiser.step
    this.#best = new GreatestScores(query.countMax)
    this.#least = query.scoreMin - this.#bound
  }

  /** Least integer score of a row that may still belong to the answer, within int32. */
  get leastInteger(): number {
    return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.ceil(this.#least / this.#unit - 1e-6)))
  }

  take(
    hits: Int32Array,
    count: number,
    first: number,
    slots: SlotTable,
    exceptions: ReadonlyMap<number, number>,
  ): void {
    for (let i = 0; i < count; i++) {
      const slot = first + hits[2 * i]!
      if (!slots.isLive(slot) || !hasTag(this.query.tags, slots.tag(slot)) || exceptions.has(slot)) continue
      const score = hits[2 * i + 1]! * this.#unit
      this.#slots.push(slot)
      this.#scores.push(score)
      this.#best.offer(score)
    }
    if (this.#best.isFull) this.#least = Math.max(this.#least, this.#best.least - 2 * this.#bound)
  }

  /** Keeps an exception that may belong to the answer, by the bound of its own error; after all other rows. */
  judgeException(slot: number, codes: Int8Array, error: number, slots: SlotTable): void {
    if (!hasTag(this.query.tags, slots.tag(slot))) return
    const { probe } = this.query
    const scoreMax = integerDot(probe.codes, codes) * this.#unit + scoreBound(probe, { errorMax: error })
    if (scoreMax < this.#least + this.#bound) return
    this.#keptExceptions.push(slot)
  }

  finish(slots: SlotTable): ShardAnswer {
    const ids: number[] = []
    const scanned: number[] = []
    this.#scores.forEach((score, i) => {
      if (score < this.#least) return
      ids.push(slots.referenceId(this.#slots[i]!))
      scanned.push(score)
    })
    for (const slot of this.#keptExceptions) {
      ids.push(slots.referenceId(slot))
      scanned.push(Infinity)
    }
    return {
      referenceIds: Float64Array.from(ids),
      scanned: Float64Array.from(scanned),
      coveredCount: slots.liveCount,
      bound: this.#bound,
    }
  }
}

/** Below 2^31, see `PROBE_MAX`; the codes may be padded. */
function integerDot(probe: Int16Array, codes: Int8Array): number {
  let sum = 0
  for (let i = 0; i < probe.length; i++) sum += probe[i]! * codes[i]!
  return sum
}
