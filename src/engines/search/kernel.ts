import { SCAN_KERNEL_WASM } from './scan-kernel.generated.js'

/**
 * Scans blocks of rows for one probe.
 * @param rows byte address of the first block
 * @param blockCount blocks of four rows
 * @param probe byte address of the int16 codes, padded, 16-byte aligned
 * @param pieceCount pieces of 64 codes in a row
 * @param min least integer score of a hit
 * @param out byte address of the hits: (int32 row number from the first block on, int32 score) each; room for all rows and 16 bytes
 * @returns number of hits, in the order of rows
 */
export type Scan = (
  rows: number,
  blockCount: number,
  probe: number,
  pieceCount: number,
  min: number,
  out: number,
) => number

/** The SIMD kernel (scan-kernel.wat) on a memory of its own. */
export function instantiateKernel(memory: WebAssembly.Memory): Scan {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(SCAN_KERNEL_WASM), { env: { memory } })
  return instance.exports.scan as Scan
}

/** The same in plain JavaScript: the kernel's oracle, on the same memory. */
export function scalarKernel(memory: WebAssembly.Memory): Scan {
  return (rows, blockCount, probe, pieceCount, min, out) => {
    const codes = new Int8Array(memory.buffer)
    const probeCodes = new Int16Array(memory.buffer, probe, pieceCount * 64)
    const hits = new Int32Array(memory.buffer, out)
    let count = 0
    for (let row = 0; row < blockCount * 4; row++) {
      const start = rows + Math.floor(row / 4) * 256 * pieceCount + (row % 4) * 64
      let sum = 0
      for (let i = 0; i < pieceCount * 64; i++)
        sum = (sum + codes[start + Math.floor(i / 64) * 256 + (i % 64)]! * probeCodes[i]!) | 0
      if (sum < min) continue
      hits[2 * count] = row
      hits[2 * count + 1] = sum
      count++
    }
    return count
  }
}
