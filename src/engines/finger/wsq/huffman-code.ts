import { damaged } from './byte-reader.js'
import type { BitReader } from './bit-reader.js'

/**
 * A canonical Huffman code as JPEG and WSQ define it: codes of one length are consecutive numbers, and a longer code
 * begins where the shorter ones end (ISO/IEC 10918-1, annex C).
 */
export class HuffmanCode {
  /** For each length 1 to 16: the first code after those of this length, and where its symbols begin less its first code. */
  readonly #end = new Int32Array(17)
  readonly #offset = new Int32Array(17)
  readonly #symbols: Uint8Array

  /** @param countByLength how many codes have 1, 2, … 16 bits @throws DomainError PARSE_ERROR when they do not fit */
  constructor(countByLength: readonly number[], symbols: Uint8Array) {
    this.#symbols = symbols
    for (let length = 1, code = 0, index = 0; length <= 16; length++, code *= 2) {
      this.#offset[length] = index - code
      const count = countByLength[length - 1] ?? 0
      code += count
      index += count
      this.#end[length] = code
      if (code > 2 ** length) throw damaged('a Huffman table that can be read', 'more codes than fit')
    }
  }

  /** The next symbol, or null at the end of the block (what is left of its last byte is padding). */
  next(bits: BitReader): number | null {
    for (let length = 1, code = 0; length <= 16; length++) {
      const bit = bits.next()
      if (bit < 0) return null
      code = code * 2 + bit
      // Codes of this length end here; a greater number is the beginning of a longer one.
      if (code < this.#end[length]!) return this.#symbols[code + this.#offset[length]!] ?? null
    }
    throw damaged('a Huffman code of at most 16 bits', 'another bit pattern')
  }
}
