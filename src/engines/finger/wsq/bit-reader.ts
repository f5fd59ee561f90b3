import { damaged, type ByteReader } from './byte-reader.js'

/** Reads the bits of an entropy-coded block, highest first, up to the marker after it. A data byte FF is followed by 00. */
export class BitReader {
  readonly #reader: ByteReader
  #byte = 0
  #left = 0

  constructor(reader: ByteReader) {
    this.#reader = reader
  }

  /** 0 or 1; -1 at the marker, where the reader then stands. @throws DomainError PARSE_ERROR at the end of the bytes */
  next(): number {
    if (this.#left === 0 && !this.#load()) return -1
    this.#left--
    return (this.#byte >> this.#left) & 1
  }

  /** An unsigned number of `count` bits. @throws DomainError PARSE_ERROR where a marker cuts it */
  number(count: number): number {
    let value = 0
    for (let i = 0; i < count; i++) {
      const bit = this.next()
      if (bit < 0) throw damaged(`${count} bits of a coefficient`, 'a marker')
      value = value * 2 + bit
    }
    return value
  }

  #load(): boolean {
    const byte = this.#reader.u8()
    if (byte === 0xff && this.#reader.u8() !== 0) {
      this.#reader.at -= 2
      return false
    }
    this.#byte = byte
    this.#left = 8
    return true
  }
}
