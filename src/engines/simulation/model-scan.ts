import { bytesOf, paddedCount, ROWS_PER_BLOCK, writeRow } from '../search/block-layout.js'
import { instantiateKernel, type Scan } from '../search/kernel.js'
import { quantiseProbe } from '../search/quantiser.js'
import { normalCodes, type NormalCodes } from './normal-codes.js'
import { alongAxes, type TemplateModel } from './template-model.js'

/** Drawn and scanned at once: with 384 features they stay in the second-level cache, and a thousand probes take 50 ms. */
const CHUNK_ROWS = 1024
const HIT_BYTES = 8
const PAGE = 65536

/** What wants scores. */
export interface ScanVisitor {
  /** The least score that is still of use for a probe; asked before each chunk. */
  least(probe: number): number
  take(probe: number, score: number): void
}

interface ScannedProbe {
  readonly codes: Int16Array
  /** The score of a template of norm 1 is (offset + unit · integer score) / the norm that it was drawn with. */
  readonly offset: number
  readonly unit: number
}

/**
 * Compares probes with templates that a model draws, chunk after chunk; none is kept, so that a million take no more memory than a
 * thousand. Cosines do not change when probe and template are turned alike: the model's own axes are used throughout, and its
 * deviations are multiplied into the probe once, so that a drawn row is int8 codes of standard normal numbers, which the kernel of
 * the exact search scans. Rounding of the probe to int16 changes a score by under 1e-4.
 */
export class ModelScan {
  readonly #model: TemplateModel
  readonly #probes: readonly ScannedProbe[]
  readonly #normal: NormalCodes
  readonly #padded: number
  readonly #memory: WebAssembly.Memory
  readonly #scan: Scan
  readonly #hitsAt: number
  readonly #rowsAt: number
  readonly #norms = new Float64Array(CHUNK_ROWS)

  constructor(model: TemplateModel, probes: readonly Float32Array[], seed: number) {
    this.#model = model
    this.#normal = normalCodes(seed)
    this.#padded = paddedCount(model.featureCount)
    this.#probes = probes.map((probe) => scannedProbe(model, probe, this.#normal.step))
    this.#hitsAt = roundedUp(probes.length * this.#padded * Int16Array.BYTES_PER_ELEMENT)
    this.#rowsAt = this.#hitsAt + roundedUp(CHUNK_ROWS * HIT_BYTES + 16)
    const bytes = this.#rowsAt + roundedUp(bytesOf(CHUNK_ROWS, this.#padded))
    this.#memory = new WebAssembly.Memory({ initial: bytes / PAGE, maximum: bytes / PAGE })
    this.#scan = instantiateKernel(this.#memory)
    const codes = new Int16Array(this.#memory.buffer)
    this.#probes.forEach((probe, i) => codes.set(probe.codes, i * this.#padded))
  }

  /**
   * Draws `count` templates; yields after each chunk how many.
   * @param visitor is told every score at or above what it finds of use, and some below
   */
  *run(count: number, visitor: ScanVisitor): Generator<number> {
    for (let done = 0; done < count; done += CHUNK_ROWS) {
      const rowCount = Math.min(CHUNK_ROWS, count - done)
      const [least, greatest] = this.#draw(rowCount)
      this.#probes.forEach((_, probe) => this.#scanOne(probe, rowCount, [least, greatest], visitor))
      yield rowCount
    }
  }

  /** @returns least and greatest norm */
  #draw(rowCount: number): readonly [number, number] {
    const { featureCount, mean, deviations } = this.#model
    const codes = new Int8Array(this.#padded)
    const rows = new Int8Array(this.#memory.buffer, this.#rowsAt)
    let [least, greatest] = [Infinity, 0]
    for (let row = 0; row < rowCount; row++) {
      this.#normal.fill(codes.subarray(0, featureCount))
      let squares = 0
      for (let i = 0; i < featureCount; i++) squares += (mean[i]! + deviations[i]! * this.#normal.step * codes[i]!) ** 2
      const norm = (this.#norms[row] = Math.sqrt(squares))
      if (norm < least) least = norm
      if (norm > greatest) greatest = norm
      writeRow(rows, row, this.#padded, codes)
    }
    return [least, greatest]
  }

  #scanOne(probe: number, rowCount: number, norms: readonly [number, number], visitor: ScanVisitor): void {
    const least = visitor.least(probe)
    if (least === Infinity) return
    const { offset, unit } = this.#probes[probe]!
    const integer = Math.floor((least * norms[least > 0 ? 0 : 1] - offset) / unit)
    const min = Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, integer))
    const at = probe * this.#padded * Int16Array.BYTES_PER_ELEMENT
    const blocks = Math.ceil(rowCount / ROWS_PER_BLOCK)
    const count = this.#scan(this.#rowsAt, blocks, at, this.#padded / 64, min, this.#hitsAt)
    const hits = new Int32Array(this.#memory.buffer, this.#hitsAt, 2 * count)
    for (let i = 0; i < 2 * count; i += 2)
      if (hits[i]! < rowCount) visitor.take(probe, (offset + unit * hits[i + 1]!) / this.#norms[hits[i]!]!)
  }
}

function scannedProbe({ axes, mean, deviations }: TemplateModel, probe: Float32Array, step: number): ScannedProbe {
  const along = alongAxes(axes, probe)
  const { codes, scale } = quantiseProbe(Float32Array.from(along, (value, i) => value * deviations[i]! * step))
  return { codes, offset: along.reduce((sum, value, i) => sum + value * mean[i]!, 0), unit: scale }
}

function roundedUp(bytes: number): number {
  return Math.ceil(bytes / PAGE) * PAGE
}
