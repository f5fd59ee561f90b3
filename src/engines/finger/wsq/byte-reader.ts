import { DomainError } from '../../../domain/errors.js'

/** PARSE_ERROR of a WSQ stream. */
export function damaged(expected: string, got: string): DomainError {
  return new DomainError('PARSE_ERROR', expected, got)
}

/** Reads big-endian numbers in order. @throws DomainError PARSE_ERROR at the end of the bytes */
export class ByteReader {
  readonly bytes: Uint8Array
  at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  u8(): number {
    const byte = this.bytes[this.at]
    if (byte === undefined) throw damaged('a whole WSQ image', `an end after ${this.bytes.length} bytes`)
    this.at++
    return byte
  }

  u16(): number {
    return this.u8() * 256 + this.u8()
  }

  u32(): number {
    return this.u16() * 65_536 + this.u16()
  }

  /** A number as WSQ writes it: a power of ten to divide by (one byte), then the digits (two bytes). */
  scaled16(): number {
    const exponent = this.u8()
    return this.u16() / 10 ** exponent
  }

  /** A signed one of four bytes. */
  scaled32(): number {
    const isNegative = this.u8() !== 0
    const exponent = this.u8()
    const value = this.u32() / 10 ** exponent
    return isNegative ? -value : value
  }

  /** The next `length` bytes, as a reader of their own. */
  part(length: number): ByteReader {
    const end = this.at + length
    if (length < 0 || end > this.bytes.length)
      throw damaged(`${Math.max(0, length)} bytes of a WSQ segment`, `${this.bytes.length - this.at} bytes`)
    const part = new ByteReader(this.bytes.subarray(this.at, end))
    this.at = end
    return part
  }

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length
  }
}
