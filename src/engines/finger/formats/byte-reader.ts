import { parseError } from './findings.js'

/**
 * Reads big-endian fields in their order and never past its end. Offsets count from the start of the whole record,
 * also in a part of it, so that every error names the byte that a hex dump shows.
 *
 * All methods throw DomainError PARSE_ERROR with the field's name and offset where the bytes do not suffice.
 */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #end: number
  #offset: number

  /** @param end at most `bytes.length` */
  constructor(bytes: Uint8Array, offset = 0, end = bytes.length) {
    this.#bytes = bytes
    this.#offset = offset
    this.#end = end
  }

  /** Where the next field begins. */
  get offset(): number {
    return this.#offset
  }

  get remaining(): number {
    return this.#end - this.#offset
  }

  u8(field: string): number {
    return this.#bytes[this.skip(1, field)]!
  }

  u16(field: string): number {
    const at = this.skip(2, field)
    return (this.#bytes[at]! << 8) | this.#bytes[at + 1]!
  }

  u32(field: string): number {
    return this.u16(field) * 0x10000 + this.u16(field)
  }

  /** @returns where the skipped bytes begin */
  skip(count: number, field: string): number {
    const at = this.#offset
    this.expect(count, field)
    this.#offset += count
    return at
  }

  /** Checks that the bytes of several fields are there, before anything is made of them. */
  expect(count: number, field: string): void {
    if (count > this.remaining)
      throw parseError(
        field,
        this.#offset,
        `${count} bytes`,
        `${this.remaining} that are left: the record is cut short`,
      )
  }

  /** A reader of the next `count` bytes only; this one goes on after them. */
  part(count: number, field: string): ByteReader {
    const at = this.skip(count, field)
    return new ByteReader(this.#bytes, at, at + count)
  }
}
