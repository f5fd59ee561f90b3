/** Writes big-endian fields in their order. The caller has checked the values: bits that do not fit are a bug. */
export class ByteWriter {
  readonly #bytes: number[] = []

  get length(): number {
    return this.#bytes.length
  }

  u8(value: number): this {
    if (!Number.isInteger(value) || value < 0 || value > 0xff) throw new RangeError('a field does not fit in a byte')
    this.#bytes.push(value)
    return this
  }

  u16(value: number): this {
    return this.u8(Math.floor(value / 0x100)).u8(value % 0x100)
  }

  u32(value: number): this {
    return this.u16(Math.floor(value / 0x10000)).u16(value % 0x10000)
  }

  text(ascii: string): this {
    for (const character of ascii) this.u8(character.charCodeAt(0))
    return this
  }

  toBytes(): Uint8Array {
    return Uint8Array.from(this.#bytes)
  }
}
