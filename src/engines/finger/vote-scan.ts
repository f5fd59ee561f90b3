import { INDEXED_MAX, type FingerFeatures } from './features.js'
import { instantiateVoteKernel, type Vote } from './vote-kernel.js'
import { ROW_BYTES, SIMILARITY_SCALE, SIMILARITY_ZERO, TABLE_BYTES, writeRow, writeTable } from './vote-layout.js'

const PAGE_BYTES = 65_536
/** 65,536 pages of 64 KiB: the 4 GiB that a 32-bit memory can have; room for 4 million rows. */
const PAGES_MAX = 65_536
/** Pages that a full memory grows by at least: 2 MiB, 1,985 rows. */
const PAGES_GROWN = 32

/** The first page: weights, the probe's tables, and a piece of the rows to look at with what they got. Rows follow it. */
const WEIGHTS_AT = 0
const PROBE_AT = 512
const SLOTS_AT = PROBE_AT + INDEXED_MAX * TABLE_BYTES
const PIECE_SIZE = 4_096
const VOTES_AT = SLOTS_AT + 4 * PIECE_SIZE
const ROWS_AT = PAGE_BYTES

/**
 * A probe minutia whose most similar one in a reference has cosine s adds (s − 0.2)², in thousandths. Below 0.2 neighbourhoods
 * of different fingers are as similar (FINGERPRINT.md, §2.5); the square counts rare similarities for more than many usual ones. Of the
 * offsets 0.1 to 0.5 with powers 1 to 3 it kept most mates at 1 % penetration (`npm run bench -- finger` measures how many).
 */
const COSINE_MIN = 0.2
const WEIGHT_UNIT = 1_000

/** Descriptors of the references, four levels a feature, and the vote of a probe's minutiae over them. */
export class VoteScan {
  readonly #memory = new WebAssembly.Memory({ initial: 1, maximum: PAGES_MAX })
  readonly #vote: Vote

  constructor(instantiate: (memory: WebAssembly.Memory) => Vote = instantiateVoteKernel) {
    this.#vote = instantiate(this.#memory)
    new Uint16Array(this.#memory.buffer, WEIGHTS_AT, 256).set(weights())
  }

  get bytes(): number {
    return this.#memory.buffer.byteLength
  }

  /** @throws RangeError when the memory is at its end */
  set(slot: number, features: FingerFeatures): void {
    const end = ROWS_AT + (slot + 1) * ROW_BYTES
    const missing = Math.ceil((end - this.bytes) / PAGE_BYTES)
    if (missing > 0) this.#memory.grow(Math.max(missing, Math.min(PAGES_GROWN, PAGES_MAX - this.bytes / PAGE_BYTES)))
    writeRow(features, new Uint8Array(this.#memory.buffer, end - ROW_BYTES, ROW_BYTES))
  }

  /** Calls `visit` with the votes of each of these slots, in their order. */
  scan(probe: FingerFeatures, slots: Int32Array, visit: (slot: number, votes: number) => void): void {
    for (let minutia = 0; minutia < probe.indexedCount; minutia++)
      writeTable(probe, minutia, new Uint8Array(this.#memory.buffer, PROBE_AT + minutia * TABLE_BYTES, TABLE_BYTES))
    const piece = new Int32Array(this.#memory.buffer, SLOTS_AT, PIECE_SIZE)
    const votes = new Int32Array(this.#memory.buffer, VOTES_AT, PIECE_SIZE)
    for (let from = 0; from < slots.length; from += PIECE_SIZE) {
      const part = slots.subarray(from, from + PIECE_SIZE)
      piece.set(part)
      this.#vote(SLOTS_AT, part.length, ROWS_AT, PROBE_AT, probe.indexedCount, WEIGHTS_AT, VOTES_AT)
      for (let i = 0; i < part.length; i++) visit(part[i]!, votes[i]!)
    }
  }
}

function weights(): Uint16Array {
  return Uint16Array.from({ length: 256 }, (_, similarity) => {
    const excess = Math.max(0, (similarity - SIMILARITY_ZERO) / SIMILARITY_SCALE - COSINE_MIN)
    return Math.round(WEIGHT_UNIT * excess * excess)
  })
}
