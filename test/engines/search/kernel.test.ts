import { expect } from 'chai'
import { paddedCount, ROWS_PER_BLOCK, writeRow } from '../../../src/engines/search/block-layout.js'
import { FEATURE_COUNT_MAX } from '../../../src/engines/search/exact-shard.js'
import { instantiateKernel, scalarKernel, type Scan } from '../../../src/engines/search/kernel.js'
import { mulberry32 } from '../../support/random-vectors.js'

// Goal: the SIMD kernel computes integer dot products, exactly. Method: its scalar twin on the same memory, and sums that
// a reader can check by hand.
const ROWS = 4 * 65_536
const HITS = 65_536
const LEAST_OF_ALL = -(2 ** 31)

interface Table {
  readonly rows: readonly Int8Array[]
  readonly probe: Int16Array
}

/** Puts a table into a memory, scans it, and gives the hits as [row, score]. */
function scanned({ rows, probe }: Table, min: number, kernel: (memory: WebAssembly.Memory) => Scan) {
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 64 })
  const padded = paddedCount(probe.length)
  const blockCount = Math.ceil(rows.length / ROWS_PER_BLOCK)
  new Int16Array(memory.buffer).set(probe)
  rows.forEach((row, slot) => {
    const codes = new Int8Array(padded)
    codes.set(row)
    writeRow(new Int8Array(memory.buffer, ROWS), slot, padded, codes)
  })
  const count = kernel(memory)(ROWS, blockCount, 0, padded / 64, min, HITS)
  const hits = new Int32Array(memory.buffer, HITS)
  return Array.from({ length: count }, (_, i) => [hits[2 * i]!, hits[2 * i + 1]!] as const)
}

function randomTable(rowCount: number, featureCount: number, seed: number): Table {
  const random = mulberry32(seed)
  const code = (limit: number) => Math.round((2 * random() - 1) * limit)
  return {
    rows: Array.from({ length: rowCount }, () => Int8Array.from({ length: featureCount }, () => code(127))),
    probe: Int16Array.from({ length: featureCount }, () => code(8000)),
  }
}

function filled(rowCodes: readonly number[], probeCode: number, featureCount: number): Table {
  return {
    rows: rowCodes.map((code) => new Int8Array(featureCount).fill(code)),
    probe: new Int16Array(featureCount).fill(probeCode),
  }
}

describe('The scan kernel', () => {
  it('gives what its scalar twin gives, at every number of features', () => {
    for (let featureCount = 64; featureCount <= 1024; featureCount += 32) {
      const table = randomTable(61, featureCount, featureCount)
      for (const min of [LEAST_OF_ALL, 0, 1_000_000])
        expect(scanned(table, min, instantiateKernel), `${featureCount} features`).to.deep.equal(
          scanned(table, min, scalarKernel),
        )
    }
  })

  it('does not overflow: the greatest codes, in every sign, at as many features as there can be', () => {
    for (const featureCount of [64, 512, 1024, FEATURE_COUNT_MAX])
      for (const probeCode of [8000, -8000]) {
        const table = filled([127, -127, 127, 0], probeCode, featureCount)
        const sum = 127 * probeCode * featureCount // 2,080,768,000 at most: below 2^31
        expect(scanned(table, LEAST_OF_ALL, instantiateKernel)).to.deep.equal([
          [0, sum],
          [1, -sum],
          [2, sum],
          [3, 0],
        ])
        expect(scanned(table, LEAST_OF_ALL, scalarKernel)).to.deep.equal(
          scanned(table, LEAST_OF_ALL, instantiateKernel),
        )
      }
  })

  it('holds against the greatest products next to each other, with signs that do not cancel', () => {
    const table = randomTable(8, 512, 3)
    for (const row of table.rows) row.forEach((_, i) => (row[i] = Math.sign(table.probe[i]!) * 127))
    table.probe.forEach((code, i) => (table.probe[i] = Math.sign(code) * 8000))
    expect(scanned(table, 0, instantiateKernel)).to.deep.equal(scanned(table, 0, scalarKernel))
  })

  it('takes the least score as a hit, and one below it as none', () => {
    const table = filled([1, 2, 3, 4, 5], 10, 64) // scores 640, 1280, 1920, 2560, 3200, and 0 for three rows of padding
    expect(scanned(table, 1920, instantiateKernel)).to.deep.equal([
      [2, 1920],
      [3, 2560],
      [4, 3200],
    ])
    expect(scanned(table, 1921, instantiateKernel)).to.deep.equal([
      [3, 2560],
      [4, 3200],
    ])
    expect(scanned(table, 2 ** 31 - 1, instantiateKernel)).to.deep.equal([])
  })

  it('looks at nothing when there are no blocks', () => {
    expect(scanned({ rows: [], probe: new Int16Array(64).fill(1) }, LEAST_OF_ALL, instantiateKernel)).to.deep.equal([])
  })
})
