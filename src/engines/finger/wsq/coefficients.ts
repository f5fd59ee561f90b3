import { damaged } from './byte-reader.js'
import type { BitReader } from './bit-reader.js'
import type { HuffmanCode } from './huffman-code.js'
import type { Region } from './subband-tree.js'
import { CODED_SUBBAND_COUNT, type Quantisation } from './tables.js'

/** The quantised coefficients of all coded subbands, one after the other, filled block by block. */
export class Coefficients {
  readonly values: Int32Array
  #filled = 0

  constructor(count: number) {
    this.values = new Int32Array(count)
  }

  get isComplete(): boolean {
    return this.#filled === this.values.length
  }

  /**
   * Decodes one block. Its symbols: 1 to 100 are runs of zeros; 101 to 104 announce a value of
   * 8 or 16 bits, positive or negative; 105 and 106 a run whose length has 8 or 16 bits; the others are values.
   * @throws DomainError PARSE_ERROR
   */
  readBlock(bits: BitReader, code: HuffmanCode): void {
    for (let symbol = code.next(bits); symbol !== null; symbol = code.next(bits))
      if (symbol === 0 || symbol === 255) throw damaged('a symbol of 1 to 254', `${symbol}`)
      else if (symbol <= 100) this.#skip(symbol)
      else if (symbol === 105) this.#skip(bits.number(8))
      else if (symbol === 106) this.#skip(bits.number(16))
      else this.#push(symbol > 106 ? symbol - 180 : longValue(symbol, bits))
  }

  #skip(count: number): void {
    this.#filled += count
    if (this.#filled > this.values.length) throw tooMany()
  }

  #push(value: number): void {
    if (this.isComplete) throw tooMany()
    this.values[this.#filled++] = value
  }
}

function longValue(symbol: number, bits: BitReader): number {
  const value = bits.number(symbol <= 102 ? 8 : 16)
  return symbol % 2 === 1 ? value : -value
}

function tooMany() {
  return damaged('as many coefficients as the image has', 'more')
}

/** How many coefficients the coded subbands hold: those without a bin width are all zero and left out. */
export function codedCount(subbands: readonly Region[], { binWidth }: Quantisation): number {
  return subbands
    .slice(0, CODED_SUBBAND_COUNT)
    .reduce((sum, { widthPx, heightPx }, i) => sum + (binWidth[i] === 0 ? 0 : widthPx * heightPx), 0)
}

/** Turns bin numbers into amplitudes and puts each subband into its place in the plane (widthPx × heightPx). */
export function dequantise(
  values: Int32Array,
  subbands: readonly Region[],
  { binCentre, binWidth, zeroWidth }: Quantisation,
  plane: Float32Array,
  strideX: number,
): void {
  let at = 0
  for (const [i, { x, y, widthPx, heightPx }] of subbands.slice(0, CODED_SUBBAND_COUNT).entries()) {
    const [bin, zero] = [binWidth[i]!, zeroWidth[i]! / 2]
    if (bin === 0) continue
    for (let row = y; row < y + heightPx; row++)
      for (let p = row * strideX + x, end = p + widthPx; p < end; p++) {
        const value = values[at++]!
        if (value > 0) plane[p] = bin * (value - binCentre) + zero
        else if (value < 0) plane[p] = bin * (value + binCentre) - zero
      }
  }
}
