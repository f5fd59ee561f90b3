import { expect } from 'chai'
import { DomainError } from '../../../../src/domain/errors.js'
import { BitReader } from '../../../../src/engines/finger/wsq/bit-reader.js'
import { ByteReader } from '../../../../src/engines/finger/wsq/byte-reader.js'
import { HuffmanCode } from '../../../../src/engines/finger/wsq/huffman-code.js'
import { layOutSubbands } from '../../../../src/engines/finger/wsq/subband-tree.js'
import { joinRegion } from '../../../../src/engines/finger/wsq/synthesis.js'

// Goal: the parts of the WSQ decoder, each against numbers that can be checked by hand or a textbook property.

describe('HuffmanCode', () => {
  // Lengths 1, 2, 3, 3: codes 0, 10, 110, 111.
  const code = new HuffmanCode([1, 1, 2, ...Array<number>(13).fill(0)], Uint8Array.of(5, 6, 7, 8))

  it('reads canonical codes, and ends at the marker', () => {
    // 0 10 110 11 | 1, and then seven times 0
    const bits = new BitReader(new ByteReader(Uint8Array.of(0b01011011, 0b10000000, 0xff, 0xa1)))
    const symbols: number[] = []
    for (let symbol = code.next(bits); symbol !== null; symbol = code.next(bits)) symbols.push(symbol)
    expect(symbols).to.deep.equal([5, 6, 7, 8, 5, 5, 5, 5, 5, 5, 5])
  })

  it('reads FF 00 as the byte FF', () => {
    const bits = new BitReader(new ByteReader(Uint8Array.of(0xff, 0x00, 0x7f, 0xff, 0xa1)))
    expect([bits.number(8), bits.number(8), bits.next()]).to.deep.equal([255, 127, -1])
  })

  it('refuses more codes than fit', () => {
    expect(() => new HuffmanCode([3], new Uint8Array(3))).to.throw(DomainError)
  })
})

describe('layOutSubbands()', () => {
  it('halves 64 × 64 five times: 64 subbands that tile the image', () => {
    const { subbands } = layOutSubbands(64, 64)
    expect(subbands).to.have.length(64)
    expect(subbands[0]).to.include({ x: 0, y: 0, widthPx: 2, heightPx: 2 })
    expect(subbands[4]).to.include({ x: 4, y: 0, widthPx: 4, heightPx: 4 })
    expect(subbands[51]).to.include({ x: 16, y: 16, widthPx: 16, heightPx: 16 })
    expect(subbands[63]).to.include({ x: 48, y: 48, widthPx: 16, heightPx: 16 })
  })

  it('covers every pixel of odd sizes once', () => {
    for (const [widthPx, heightPx] of [
      [545, 622],
      [33, 47],
      [5, 3],
    ] as const) {
      const covered = new Uint8Array(widthPx * heightPx)
      for (const band of layOutSubbands(widthPx, heightPx).subbands)
        for (let y = band.y; y < band.y + band.heightPx; y++)
          for (let x = band.x; x < band.x + band.widthPx; x++) covered[y * widthPx + x]!++
      expect(covered.every((count) => count === 1)).to.equal(true)
    }
  })
})

describe('joinRegion()', () => {
  // The 9/7 analysis filters of the FBI's encoder 1 (right halves), and the synthesis filters made of them.
  const LOW = [0.8526986790094034, 0.3774028556126538, -0.1106244044184234, -0.02384946501938, 0.0378284555069955]
  const HIGH = [0.7884856164056644, -0.4180922732222122, -0.0406894176095584, 0.0645388826289385]
  const whole = (half: readonly number[], sign: (i: number) => number) =>
    Float32Array.from({ length: 2 * half.length - 1 }, (_, i) => {
      const away = Math.abs(i - half.length + 1)
      return half[away]! * sign(away)
    })
  const alternate = (i: number) => (i % 2 === 0 ? 1 : -1)
  const filters = { low: whole(HIGH, alternate), high: whole(LOW, alternate) }

  /** Splits a line as an encoder does: low-pass at even places, high-pass at odd ones, mirrored at both ends. */
  function split(line: readonly number[], isInverted: boolean): number[] {
    const last = line.length - 1
    const at = (p: number) => line[Math.abs(p) > last ? 2 * last - Math.abs(p) : Math.abs(p)]!
    const filtered = (half: readonly number[], n: number) =>
      half.reduce((sum, tap, i) => sum + tap * (i === 0 ? at(n) : at(n - i) + at(n + i)), 0)
    const low = line.flatMap((_, n) => (n % 2 === 0 ? [filtered(LOW, n)] : []))
    const high = line.flatMap((_, n) => (n % 2 === 1 ? [filtered(HIGH, n)] : []))
    return isInverted ? [...high, ...low] : [...low, ...high]
  }

  for (const length of [16, 17])
    for (const isXInverted of [false, true])
      it(`gives back a line of ${length} that was split${isXInverted ? ', the high half first' : ''}`, () => {
        const line = Array.from({ length }, (_, i) => 100 * Math.sin(i * i) + 7 * i)
        const plane = Float32Array.from(split(line, isXInverted))
        const region = { x: 0, y: 0, widthPx: length, heightPx: 1, isXInverted, isYInverted: false }
        joinRegion(plane, length, region, filters)
        line.forEach((value, i) => expect(plane[i]).to.be.closeTo(value, 0.01))
      })
})
