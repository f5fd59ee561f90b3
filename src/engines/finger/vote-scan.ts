import { INDEXED_MAX, type FingerFeatures } from './features.js'
import { instantiateVoteKernel, type Vote } from './vote-kernel.js'
import { ROW_BYTES, SIMILARITY_SCALE, SIMILARITY_ZERO, TABLE_BYTES, writeRow, writeTable } from './vote-layout.js'

const PAGE_BYTES = 65_536
/** 65,536 pages of 64 KiB: the 4 GiB that a 32-bit memory can have; room for 4 million rows. */
const PAGES_MAX = 65_536
/** Pages that a full memory grows by at least: 2 MiB, 1,985 rows. */
const PAGES_GROWN = 32

/** The first page: weights, the probe's tables, and a piece of the rows to look at with what they got. */
const WEIGHTS_AT = 0
const PROBE_AT = 512
const SLOTS_AT = PROBE_AT + INDEXED_MAX * TABLE_BYTES
const PIECE_SIZE = 4_096
const VOTES_AT = SLOTS_AT + 4 * PIECE_SIZE
/** Then the cohort's tables, one after the other as if all were one large probe; then the rows. */
const COHORT_AT = PAGE_BYTES

/**
 * A probe minutia whose most similar one in a reference has cosine s adds (s − 0.2)², in thousandths. Below 0.2 neighbourhoods
 * of different fingers are as similar (FINGERPRINT.md, §2.5); the square counts rare similarities for more than many usual ones. How many mates are kept
 * `npm run bench -- finger` measures.
 */
const COSINE_MIN = 0.2
const WEIGHT_UNIT = 1_000

/**
 * Added to what a reference gets by chance, so that one that nobody is like does not come first: about a third of what is
 * usual. References whose minutiae are common get votes from everybody, and crowded mates out when votes counted as they are.
 */
const CHANCE_FLOOR = 100

/** Descriptors of the references, four levels a feature, and the vote of a probe's minutiae over them. */
export class VoteScan {
  readonly #memory = new WebAssembly.Memory({ initial: 1, maximum: PAGES_MAX })
  readonly #vote: Vote
  readonly #cohortSize: number
  readonly #cohortMinutiae: number
  readonly #rowsAt: number
  /** Votes that a reference gets from an impression of somebody else, by slot. */
  #chances = new Float32Array(1_024)

  /** @param cohort impressions of others; without any, votes are not relative to chance */
  constructor(
    cohort: readonly FingerFeatures[],
    instantiate: (memory: WebAssembly.Memory) => Vote = instantiateVoteKernel,
  ) {
    this.#vote = instantiate(this.#memory)
    new Uint16Array(this.#memory.buffer, WEIGHTS_AT, 256).set(weights())
    this.#cohortSize = cohort.length
    this.#cohortMinutiae = cohort.reduce((sum, { indexedCount }) => sum + indexedCount, 0)
    const cohortPages = Math.ceil((this.#cohortMinutiae * TABLE_BYTES) / PAGE_BYTES)
    this.#memory.grow(cohortPages)
    this.#rowsAt = COHORT_AT + cohortPages * PAGE_BYTES
    let at = COHORT_AT
    for (const features of cohort) at = this.#writeTables(features, at)
  }

  get bytes(): number {
    return this.#memory.buffer.byteLength + this.#chances.byteLength
  }

  /** @throws RangeError when the memory is at its end */
  set(slot: number, features: FingerFeatures): void {
    this.#growTo(slot + 1)
    writeRow(features, new Uint8Array(this.#memory.buffer, this.#rowsAt + slot * ROW_BYTES, ROW_BYTES))
    const [piece, votes] = this.#piece()
    piece[0] = slot
    this.#vote(SLOTS_AT, 1, this.#rowsAt, COHORT_AT, this.#cohortMinutiae, WEIGHTS_AT, VOTES_AT)
    this.#chances[slot] = votes[0]! / Math.max(1, this.#cohortSize)
  }

  /** Calls `visit` with the votes of each of these slots, relative to what it gets by chance, in their order. */
  scan(probe: FingerFeatures, slots: Int32Array, visit: (slot: number, votes: number) => void): void {
    this.#writeTables(probe, PROBE_AT)
    const [piece, votes] = this.#piece()
    for (let from = 0; from < slots.length; from += PIECE_SIZE) {
      const part = slots.subarray(from, from + PIECE_SIZE)
      piece.set(part)
      this.#vote(SLOTS_AT, part.length, this.#rowsAt, PROBE_AT, probe.indexedCount, WEIGHTS_AT, VOTES_AT)
      for (let i = 0; i < part.length; i++) visit(part[i]!, votes[i]! / (CHANCE_FLOOR + this.#chances[part[i]!]!))
    }
  }

  #growTo(rowCount: number): void {
    const { byteLength } = this.#memory.buffer
    const missing = Math.ceil((this.#rowsAt + rowCount * ROW_BYTES - byteLength) / PAGE_BYTES)
    if (missing > 0) this.#memory.grow(Math.max(missing, Math.min(PAGES_GROWN, PAGES_MAX - byteLength / PAGE_BYTES)))
    if (rowCount <= this.#chances.length) return
    const chances = new Float32Array(Math.max(rowCount, this.#chances.length + (this.#chances.length >> 1)))
    chances.set(this.#chances)
    this.#chances = chances
  }

  #piece(): readonly [slots: Int32Array, votes: Int32Array] {
    const { buffer } = this.#memory
    return [new Int32Array(buffer, SLOTS_AT, PIECE_SIZE), new Int32Array(buffer, VOTES_AT, PIECE_SIZE)]
  }

  /** @returns the address behind them */
  #writeTables(features: FingerFeatures, at: number): number {
    for (let minutia = 0; minutia < features.indexedCount; minutia++) {
      const table = new Uint8Array(this.#memory.buffer, at + minutia * TABLE_BYTES, TABLE_BYTES)
      writeTable(features, minutia, table)
    }
    return at + features.indexedCount * TABLE_BYTES
  }
}

function weights(): Uint16Array {
  return Uint16Array.from({ length: 256 }, (_, similarity) => {
    const excess = Math.max(0, (similarity - SIMILARITY_ZERO) / SIMILARITY_SCALE - COSINE_MIN)
    return Math.round(WEIGHT_UNIT * excess * excess)
  })
}
