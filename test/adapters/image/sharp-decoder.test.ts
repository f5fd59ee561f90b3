import { expect } from 'chai'
import sharp, { type Sharp } from 'sharp'
import { SharpDecoder } from '../../../src/adapters/image/sharp-decoder.js'
import { sniffFormat } from '../../../src/adapters/image/sniff.js'
import type { RgbImage } from '../../../src/domain/image.js'
import { anImage, pixelAt, type Rgb } from '../../support/images.js'

// Goal: whatever a camera or scanner writes arrives upright, as RGB. Method: sharp encodes a picture of four colours.
const decoder = new SharpDecoder()
const [RED, GREEN, BLUE, WHITE]: readonly Rgb[] = [
  [200, 30, 30],
  [30, 160, 30],
  [30, 30, 200],
  [240, 240, 240],
] as const satisfies readonly Rgb[]

/** 60 × 40: red and green above, blue and white below. */
const QUARTERS = anImage(60, 40, (x, y) => (y < 20 ? (x < 30 ? RED : GREEN) : x < 30 ? BLUE : WHITE))

function encoder(image: RgbImage = QUARTERS): Sharp {
  return sharp(image.pixels, { raw: { width: image.widthPx, height: image.heightPx, channels: 3 } })
}

function expectTone(actual: Rgb, expected: Rgb | undefined, tolerance: number): void {
  actual.forEach((value, channel) => expect(value).to.be.closeTo(expected?.[channel] ?? NaN, tolerance))
}

function expectQuarters(image: RgbImage, tolerance: number): void {
  expect([image.widthPx, image.heightPx]).to.deep.equal([60, 40])
  expect(image.pixels).to.have.length(60 * 40 * 3)
  expectTone(pixelAt(image, 10, 8), RED, tolerance)
  expectTone(pixelAt(image, 50, 8), GREEN, tolerance)
  expectTone(pixelAt(image, 10, 32), BLUE, tolerance)
  expectTone(pixelAt(image, 50, 32), WHITE, tolerance)
}

describe('SharpDecoder#decode(): formats', () => {
  const encodings = {
    jpeg: () => encoder().jpeg({ quality: 95, chromaSubsampling: '4:4:4' }),
    png: () => encoder().png(),
    webp: () => encoder().webp({ lossless: true }),
    tiff: () => encoder().tiff({ compression: 'lzw' }),
  } as const

  for (const [format, encode] of Object.entries(encodings))
    it(`reads ${format}`, async () => {
      const { info, image } = await decoder.decode(await encode().toBuffer())
      expect(info).to.deep.equal({ format, widthPx: 60, heightPx: 40 })
      expectQuarters(image, format === 'jpeg' ? 6 : 0)
    })

  it('reads a progressive JPEG and an interlaced PNG', async () => {
    expectQuarters(
      (await decoder.decode(await encoder().jpeg({ progressive: true, quality: 95 }).toBuffer())).image,
      12,
    )
    expectQuarters((await decoder.decode(await encoder().png({ progressive: true }).toBuffer())).image, 0)
  })

  it('reads TIFF of every usual compression, in strips and in tiles', async () => {
    for (const compression of ['none', 'deflate', 'packbits', 'lzw'] as const)
      expectQuarters((await decoder.decode(await encoder().tiff({ compression }).toBuffer())).image, 0)
    expectQuarters((await decoder.decode(await encoder().tiff({ tile: true, compression: 'lzw' }).toBuffer())).image, 0)
  })

  it('reads the first page of a TIFF with several', async () => {
    const pages = anImage(60, 80, (x, y) => (y < 40 ? pixelAt(QUARTERS, x, y) : [1, 2, 3]))
    const raw = { width: 60, height: 80, channels: 3, pageHeight: 40 } as const
    const bytes = await sharp(pages.pixels, { raw }).tiff({ compression: 'lzw' }).toBuffer()
    expect((await sharp(bytes).metadata()).pages).to.equal(2) // else this test would prove nothing
    expectQuarters((await decoder.decode(bytes)).image, 0)
  })

  it('does not depend on where the bytes lie in their buffer', async () => {
    const png = await encodings.png().toBuffer()
    const shifted = new Uint8Array(png.length + 7)
    shifted.set(png, 7)
    expectQuarters((await decoder.decode(shifted.subarray(7))).image, 0)
  })
})

describe('SharpDecoder#decode(): colours and depths', () => {
  const grey = () => encoder().toColourspace('b-w')

  it('gives three equal channels for greyscale', async () => {
    for (const bytes of [
      await grey().png().toBuffer(),
      await grey().jpeg().toBuffer(),
      await grey().tiff().toBuffer(),
    ]) {
      expect((await sharp(bytes).metadata()).channels).to.equal(1)
      const [r, g, b] = pixelAt((await decoder.decode(bytes)).image, 50, 32)
      expect(r).to.be.closeTo(240, 3)
      expect([g, b]).to.deep.equal([r, r])
    }
  })

  it('lays transparent parts upon mid-grey: RGBA, and grey with alpha', async () => {
    const rgba = Buffer.from([200, 30, 30, 255, 200, 30, 30, 0, 200, 30, 30, 128])
    const wide = sharp(rgba, { raw: { width: 3, height: 1, channels: 4 } }).resize(48, 16, { kernel: 'nearest' })
    const { image } = await decoder.decode(await wide.png().toBuffer())
    expectTone(pixelAt(image, 4, 8), [200, 30, 30], 0)
    expectTone(pixelAt(image, 24, 8), [128, 128, 128], 0)
    expectTone(pixelAt(image, 44, 8), [164, 79, 79], 1)

    const greyAlpha = Buffer.from([250, 255, 250, 0])
    const two = await sharp(greyAlpha, { raw: { width: 2, height: 1, channels: 2 } })
      .resize(32, 16, { kernel: 'nearest' })
      .toColourspace('b-w')
      .png()
      .toBuffer()
    expect((await sharp(two).metadata()).channels).to.equal(2)
    const flattened = (await decoder.decode(two)).image
    expectTone(pixelAt(flattened, 4, 8), [250, 250, 250], 0)
    expectTone(pixelAt(flattened, 28, 8), [128, 128, 128], 0)
  })

  it('turns CMYK into RGB: JPEG and TIFF', async () => {
    const cmyk = () => encoder().toColourspace('cmyk')
    for (const bytes of [await cmyk().jpeg({ quality: 95 }).toBuffer(), await cmyk().tiff().toBuffer()]) {
      expect((await sharp(bytes).metadata()).space).to.equal('cmyk')
      expectQuarters((await decoder.decode(bytes)).image, 70) // printing inks have no such blue
    }
  })

  it('takes the upper byte of 16-bit images: PNG and TIFF', async () => {
    for (const bytes of [await encoder().toColourspace('rgb16').png().toBuffer(), tiffOf16Bits(QUARTERS)]) {
      expect((await sharp(bytes).metadata()).depth).to.equal('ushort')
      expectQuarters((await decoder.decode(bytes)).image, 1)
    }
  })

  it('takes the upper byte of 16-bit greyscale', async () => {
    const bytes = await encoder().toColourspace('grey16').png().toBuffer()
    expect((await sharp(bytes).metadata()).depth).to.equal('ushort')
    const [r, g, b] = pixelAt((await decoder.decode(bytes)).image, 50, 32)
    expect(r).to.be.closeTo(240, 3)
    expect([g, b]).to.deep.equal([r, r])
  })

  it('reads palette and one-bit PNG', async () => {
    const palette = await encoder().png({ palette: true, colours: 16 }).toBuffer()
    expect((await sharp(palette).metadata()).isPalette).to.equal(true)
    expectQuarters((await decoder.decode(palette)).image, 4)
    const oneBit = await grey().threshold(200).png({ palette: true, colours: 2 }).toBuffer()
    const { image } = await decoder.decode(oneBit)
    expectTone(pixelAt(image, 50, 32), [255, 255, 255], 1)
    expectTone(pixelAt(image, 10, 8), [0, 0, 0], 1)
  })
})

describe('SharpDecoder#decode(): EXIF orientation', () => {
  // What a camera stores for each orientation (EXIF 2.32, tag 0x0112): its pixel (x, y) is this pixel of the upright
  // picture, 60 × 40. From 5 on the stored picture is 40 × 60.
  const upright: Record<number, (x: number, y: number) => readonly [x: number, y: number]> = {
    1: (x, y) => [x, y],
    2: (x, y) => [59 - x, y],
    3: (x, y) => [59 - x, 39 - y],
    4: (x, y) => [x, 39 - y],
    5: (x, y) => [y, x],
    6: (x, y) => [59 - y, x],
    7: (x, y) => [59 - y, 39 - x],
    8: (x, y) => [y, 39 - x],
  }

  for (const [orientation, source] of Object.entries(upright))
    for (const format of ['jpeg', 'tiff', 'webp', 'png'] as const)
      it(`turns a ${format} of orientation ${orientation} upright`, async () => {
        const [width, height] = Number(orientation) < 5 ? [60, 40] : [40, 60]
        const stored = anImage(width, height, (x, y) => pixelAt(QUARTERS, ...source(x, y)))
        const options = format === 'jpeg' ? { quality: 95, chromaSubsampling: '4:4:4' } : { lossless: true }
        const bytes = await encoder(stored)
          .withMetadata({ orientation: Number(orientation) })
          .toFormat(format, options)
          .toBuffer()
        expect((await sharp(bytes).metadata()).orientation).to.equal(Number(orientation))
        const { info, image } = await decoder.decode(bytes)
        expect([info.widthPx, info.heightPx]).to.deep.equal([60, 40])
        expectQuarters(image, 10)
      })
})

describe('SharpDecoder#decode(): large and narrow images', () => {
  it('reduces what is wider than 4,096 px and says the true size', async () => {
    const { info, image } = await decoder.decode(await encoder().resize(6000, 4000).jpeg().toBuffer())
    expect([info.widthPx, info.heightPx]).to.deep.equal([6000, 4000])
    expect([image.widthPx, image.heightPx]).to.deep.equal([4096, 2731])
    expectTone(pixelAt(image, 500, 500), RED, 10)
    expectTone(pixelAt(image, 3800, 2500), WHITE, 10)
  })

  it('reads an image 100 times as wide as high', async () => {
    const { info, image } = await decoder.decode(await encoder().resize(20_000, 200, { fit: 'fill' }).png().toBuffer())
    expect([info.widthPx, info.heightPx]).to.deep.equal([20_000, 200])
    expect([image.widthPx, image.heightPx]).to.deep.equal([4096, 41])
    expectTone(pixelAt(image, 1000, 5), RED, 3)
  })

  it('keeps at least one row of the narrowest image that is allowed', async () => {
    const bytes = await encoder().resize(16, 16_000, { fit: 'fill' }).png().toBuffer()
    const { image } = await decoder.decode(bytes)
    expect([image.widthPx, image.heightPx]).to.deep.equal([4, 4096])
  })
})

describe('sniffFormat()', () => {
  it('goes by the first bytes alone', () => {
    expect(sniffFormat(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0))).to.equal('jpeg')
    expect(sniffFormat(Uint8Array.of(0x49, 0x49, 0x2a, 0))).to.equal('tiff')
    expect(sniffFormat(Uint8Array.of(0x4d, 0x4d, 0, 0x2a))).to.equal('tiff')
    expect(sniffFormat(Buffer.from('RIFF\u0001\u0002\u0003\u0004WEBPVP8 '))).to.equal('webp')
    expect(sniffFormat(Buffer.from('RIFF\u0001\u0002\u0003\u0004WAVEfmt '))).to.equal(null)
    expect(sniffFormat(Uint8Array.of(0xff, 0xd8))).to.equal(null)
  })
})

/** An uncompressed TIFF 6.0 of three 16-bit samples a pixel, which sharp cannot write; the lower bytes are 0x55. */
function tiffOf16Bits({ widthPx, heightPx, pixels }: RgbImage): Buffer {
  const data = Buffer.alloc(pixels.length * 2, 0x55)
  pixels.forEach((byte, i) => data.writeUInt8(byte, 2 * i + 1))
  const [SHORT, LONG] = [3, 4]
  const bitsAt = 8 + data.length
  const entries = [
    [256, LONG, 1, widthPx],
    [257, LONG, 1, heightPx],
    [258, SHORT, 3, bitsAt], // bits per sample
    [259, SHORT, 1, 1], // no compression
    [262, SHORT, 1, 2], // RGB
    [273, LONG, 1, 8], // where the only strip begins
    [277, SHORT, 1, 3], // samples per pixel
    [278, LONG, 1, heightPx], // rows per strip
    [279, LONG, 1, data.length],
  ]
  const header = Buffer.from([0x49, 0x49, 0x2a, 0, 0, 0, 0, 0])
  header.writeUInt32LE(bitsAt + 6, 4)
  const directory = Buffer.alloc(2 + entries.length * 12 + 4)
  directory.writeUInt16LE(entries.length, 0)
  entries.forEach(([tag = 0, type = 0, count = 0, value = 0], i) => {
    directory.writeUInt16LE(tag, 2 + 12 * i)
    directory.writeUInt16LE(type, 4 + 12 * i)
    directory.writeUInt32LE(count, 6 + 12 * i)
    directory.writeUInt32LE(value, 10 + 12 * i)
  })
  return Buffer.concat([header, data, Buffer.from([16, 0, 16, 0, 16, 0]), directory])
}
