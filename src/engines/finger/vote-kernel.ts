import { INDEXED_MAX } from './features.js'
import { VOTE_KERNEL_WASM } from './vote-kernel.generated.js'
import { ROW_BYTES, TABLE_BYTES } from './vote-layout.js'

/**
 * Sums up the votes for references; all places are byte addresses.
 * @param slots int32 numbers of the rows to look at
 * @param codes row 0, 16-byte aligned
 * @param probe the first of `minutiaCount` tables
 * @param weights uint16 for each of 256 similarities
 * @param out int32 votes, in the order of `slots`
 */
export type Vote = (
  slots: number,
  count: number,
  codes: number,
  probe: number,
  minutiaCount: number,
  weights: number,
  out: number,
) => void

/** The SIMD kernel (vote-kernel.wat) on a memory of its own. */
export function instantiateVoteKernel(memory: WebAssembly.Memory): Vote {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(VOTE_KERNEL_WASM), { env: { memory } })
  return instance.exports.vote as Vote
}

/** The same in plain JavaScript: the kernel's oracle, on the same memory. */
export function scalarVoteKernel(memory: WebAssembly.Memory): Vote {
  return (slots, count, codes, probe, minutiaCount, weights, out) => {
    const bytes = new Uint8Array(memory.buffer)
    const view = new DataView(memory.buffer)
    for (let n = 0; n < count; n++) {
      const row = codes + view.getInt32(slots + 4 * n, true) * ROW_BYTES
      let sum = 0
      for (let minutia = 0; minutia < minutiaCount; minutia++) {
        const table = probe + minutia * TABLE_BYTES
        let greatest = 0
        for (let place = 0; place < INDEXED_MAX; place++)
          greatest = Math.max(greatest, similarityAt(bytes, row, place, table))
        sum += view.getUint16(weights + 2 * greatest, true)
      }
      view.setInt32(out + 4 * n, sum, true)
    }
  }
}

function similarityAt(bytes: Uint8Array, row: number, place: number, table: number): number {
  const at = row + (place >> 4) * 528 + (place & 15)
  const direction = bytes[at + 512]!
  if (direction > 15 || bytes[table + 528 + direction] === 0) return 0
  let sum = bytes[table + 512]!
  for (let pair = 0; pair < 32; pair++) sum = Math.min(255, sum + bytes[table + 16 * pair + bytes[at + 16 * pair]!]!)
  return sum
}
