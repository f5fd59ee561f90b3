import { expect } from 'chai'
import { decodeBmp } from '../../../src/adapters/finger-bmp/bmp-decoder.js'
import { DomainError } from '../../../src/domain/errors.js'
import { expectCode } from '../../support/errors.js'

// Goal: the BMP files of fingerprint readers arrive as grey. Method: files written here byte by byte, 3 × 2 pixels.

interface Bmp {
  readonly bits?: number
  readonly height?: number
  readonly compression?: number
  /** For 8 bits: grey of value i. */
  readonly paletteGrey?: (i: number) => number
  /** From the bottom row, padded to four bytes. */
  readonly rows: readonly (readonly number[])[]
  readonly perMetre?: number
}

function bmp({ bits = 8, height = 2, compression = 0, paletteGrey = (i) => i, rows, perMetre = 19_685 }: Bmp): Buffer {
  const palette =
    bits === 8
      ? Buffer.from(Array.from({ length: 256 }, (_, i) => [...Array<number>(3).fill(paletteGrey(i)), 0]).flat())
      : Buffer.alloc(0)
  const header = Buffer.alloc(54)
  header.write('BM', 'latin1')
  header.writeUInt32LE(54 + palette.length, 10)
  header.writeUInt32LE(40, 14)
  header.writeInt32LE(3, 18)
  header.writeInt32LE(height, 22)
  header.writeUInt16LE(1, 26)
  header.writeUInt16LE(bits, 28)
  header.writeUInt32LE(compression, 30)
  header.writeInt32LE(perMetre, 38)
  header.writeInt32LE(perMetre, 42)
  return Buffer.concat([header, palette, Buffer.from(rows.flat())])
}

const ROWS = [
  [4, 5, 6, 0],
  [1, 2, 3, 0],
]

describe('decodeBmp()', () => {
  it('reads 8 bits from the bottom row up, with the resolution', async () => {
    const image = await decodeBmp(bmp({ rows: ROWS }))
    expect([...image.pixels]).to.deep.equal([1, 2, 3, 4, 5, 6])
    expect([image.widthPx, image.heightPx]).to.deep.equal([3, 2])
    expect(image.resolutionDpi).to.be.closeTo(500, 0.01) // 19,685 per metre
  })

  it('reads rows from the top where the height is negative', async () => {
    expect([...(await decodeBmp(bmp({ rows: ROWS, height: -2 }))).pixels]).to.deep.equal([4, 5, 6, 1, 2, 3])
  })

  it('goes through the palette: some readers write it the other way round', async () => {
    const image = await decodeBmp(bmp({ rows: ROWS, paletteGrey: (i) => 255 - i }))
    expect([...image.pixels]).to.deep.equal([254, 253, 252, 251, 250, 249])
  })

  it('takes the luminance of 24 bits', async () => {
    const bottom = [0, 0, 0, 255, 255, 255, 9, 9, 9, 0, 0, 0]
    const top = [255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0] // blue, green, red
    expect([...(await decodeBmp(bmp({ bits: 24, rows: [bottom, top] }))).pixels]).to.deep.equal([
      29, 150, 76, 0, 255, 9,
    ])
  })

  it('knows no resolution where the header says 0', async () => {
    expect((await decodeBmp(bmp({ rows: ROWS, perMetre: 0 }))).resolutionDpi).to.equal(null)
  })

  it('refuses compressed ones and other depths', async () => {
    await expectCode('FORMAT_UNSUPPORTED', decodeBmp(bmp({ rows: ROWS, compression: 1 })))
    await expectCode('FORMAT_UNSUPPORTED', decodeBmp(bmp({ rows: ROWS, bits: 4 })))
  })

  it('refuses every truncation', async () => {
    const whole = bmp({ rows: ROWS })
    for (let length = 0; length < whole.length; length++)
      await expectCode('PARSE_ERROR', decodeBmp(whole.subarray(0, length)))
  })

  it('refuses sizes that the bytes do not hold, before anything is allocated', async () => {
    await expectCode('PARSE_ERROR', decodeBmp(bmp({ rows: ROWS, height: 3 })))
    await expectCode('LIMIT_EXCEEDED', decodeBmp(bmp({ rows: ROWS, height: 0x7fffffff })))
    await expectCode('LIMIT_EXCEEDED', decodeBmp(bmp({ rows: ROWS, height: -0x80000000 })))
    await expectCode('PARSE_ERROR', decodeBmp(bmp({ rows: ROWS, height: 0 })))
  })

  it('answers each mutated header with an image or an expected error', async () => {
    const whole = bmp({ rows: ROWS })
    for (let at = 0; at < 54; at++)
      for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
        const mutated = Uint8Array.from(whole)
        mutated[at] = value
        await decodeBmp(mutated).catch((error: unknown) => {
          if (!(error instanceof DomainError)) throw error
        })
      }
  })
})
