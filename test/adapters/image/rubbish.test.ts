import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync, crc32 } from 'node:zlib'
import { expect } from 'chai'
import sharp from 'sharp'
import { SharpDecoder } from '../../../src/adapters/image/sharp-decoder.js'
import { DomainError } from '../../../src/domain/errors.js'
import { LIMITS } from '../../../src/domain/limits.js'
import { anImage } from '../../support/images.js'
import { expectCode } from '../../support/errors.js'
import { imageFiles, PACKAGE_ROOT } from '../../support/weights.js'

// Goal: hostile and broken files cost little and say what they are. Method: limits probed at their edge, whole files cut
// off at 50 places, and bytes that are no image.
const decoder = new SharpDecoder()
const decode = (bytes: Uint8Array) => decoder.decode(bytes)

/** A picture that does not compress well: its bytes are spread over the whole file. */
const BUSY = anImage(160, 120, (x, y) => [(x * 7 + y * y) % 256, (x * y) % 256, (x * x + 3 * y) % 256])
const busy = () => sharp(BUSY.pixels, { raw: { width: 160, height: 120, channels: 3 } })

/** Bytes that look random, the same in every run. */
function noise(length: number, seed: number): Uint8Array {
  let state = seed
  return Uint8Array.from({ length }, () => (state = (state * 1_103_515_245 + 12_345) & 0x7fffffff) >> 16)
}

describe('SharpDecoder#decode(): limits', () => {
  it('takes 10 MiB and refuses a byte more, before it looks at them', async () => {
    const png = await busy().png().toBuffer()
    const padded = (length: number) => Buffer.concat([png], length)
    expect((await decode(padded(LIMITS.imageBytesMax))).info.format).to.equal('png')
    const error = await expectCode('LIMIT_EXCEEDED', decode(padded(LIMITS.imageBytesMax + 1)))
    expect(error.message).to.equal('expected at most 10485760 bytes, got 10485761 bytes')
  })

  it('refuses a PNG of 30,000 × 30,000 px by its header', async () => {
    const startMs = performance.now()
    const error = await expectCode('LIMIT_EXCEEDED', decode(pngHeader(30_000, 30_000)))
    expect(error.got).to.equal('30000 × 30000')
    expect(performance.now() - startMs).to.be.lessThan(500)
  })

  it('refuses a bomb: a whole PNG of few bytes and 64 million pixels', async () => {
    const bomb = await sharp({ create: { width: 8000, height: 8001, channels: 3, background: '#000' } })
      .png()
      .toBuffer()
    expect(bomb.length).to.be.lessThan(1_000_000)
    await expectCode('LIMIT_EXCEEDED', decode(bomb))
  })

  it('refuses images with a side of less than 16 px and takes those of 16', async () => {
    const sized = (width: number, height: number) => busy().resize(width, height, { fit: 'fill' }).png().toBuffer()
    await expectCode('LIMIT_EXCEEDED', decode(await sized(8, 8)))
    await expectCode('LIMIT_EXCEEDED', decode(await sized(15, 400)))
    await expectCode('LIMIT_EXCEEDED', decode(await sized(400, 15)))
    expect((await decode(await sized(16, 16))).info).to.include({ widthPx: 16, heightPx: 16 })
  })
})

describe('SharpDecoder#decode(): what is no image', () => {
  const others: Record<string, Uint8Array> = {
    text: Buffer.from('This is a text that somebody named photo.jpg.'),
    GIF: Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64'),
    SVG: Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"></svg>'),
    PDF: Buffer.from('%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj'),
    BMP: Buffer.concat([Buffer.from('BM'), Buffer.alloc(60)]),
    HEIC: Buffer.from('\u0000\u0000\u0000\u0018ftypheic\u0000\u0000\u0000\u0000mif1heic'),
    'JPEG 2000': Buffer.from('0000000c6a5020200d0a870a', 'hex'),
    'a single byte': Uint8Array.of(0xff),
    zeros: new Uint8Array(5000),
  }

  for (const [name, bytes] of Object.entries(others))
    it(`refuses ${name} as unsupported`, async () => {
      const error = await expectCode('FORMAT_UNSUPPORTED', decode(bytes))
      expect(error.message).to.equal('expected JPEG, PNG, WebP or TIFF, got another format')
    })

  it('refuses random bytes as unsupported, or as broken where they begin like an image', async () => {
    for (let seed = 1; seed <= 50; seed++) await expectCode('FORMAT_UNSUPPORTED', decode(noise(2000, seed)))
    const beginnings = [
      [0xff, 0xd8, 0xff],
      [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
      [0x49, 0x49, 0x2a, 0],
    ]
    for (const beginning of beginnings)
      for (let seed = 1; seed <= 20; seed++) {
        const bytes = noise(2000, seed)
        bytes.set(beginning)
        await expectCode('PARSE_ERROR', decode(bytes))
      }
  })

  it('refuses no bytes at all as unsupported', async () => {
    const error = await expectCode('FORMAT_UNSUPPORTED', decode(new Uint8Array()))
    expect(error.got).to.equal('no bytes')
  })

  it('keeps what libvips says, which may quote the file, out of the message', async () => {
    const error = await expectCode('PARSE_ERROR', decode((await busy().png().toBuffer()).subarray(0, 500)))
    expect(error.message).to.equal('expected a complete png image, got a damaged or truncated one')
    expect(error.cause).to.be.instanceOf(Error)
  })
})

describe('SharpDecoder#decode(): truncated files', () => {
  const PLACES = 50

  /** How many of the 50 truncations were refused; anything but a picture or PARSE_ERROR fails the test. */
  async function refusedCount(bytes: Uint8Array): Promise<number> {
    let refused = 0
    for (let place = 1; place <= PLACES; place++) {
      const cut = bytes.subarray(0, Math.floor((bytes.length * place) / (PLACES + 1)))
      try {
        await decode(cut)
      } catch (error) {
        if (!(error instanceof DomainError)) throw error
        expect(error.code, `${cut.length} of ${bytes.length} bytes`).to.be.oneOf(
          cut.length < 16 ? ['PARSE_ERROR', 'FORMAT_UNSUPPORTED'] : ['PARSE_ERROR'],
        )
        refused++
      }
    }
    return refused
  }

  const made = {
    jpeg: () => busy().jpeg(),
    'progressive jpeg': () => busy().jpeg({ progressive: true }),
    png: () => busy().png(),
    'interlaced png': () => busy().png({ progressive: true }),
    webp: () => busy().webp(),
    'lossless webp': () => busy().webp({ lossless: true }),
    'tiff without compression': () => busy().tiff({ compression: 'none' }),
    'tiff with lzw': () => busy().tiff({ compression: 'lzw' }),
    'tiff in tiles': () => busy().tiff({ compression: 'deflate', tile: true, tileWidth: 64, tileHeight: 64 }),
  }

  for (const [name, encode] of Object.entries(made))
    it(`refuses a ${name} at each of 50 places`, async () => {
      const bytes = await encode().toBuffer()
      expect((await decode(bytes)).image.pixels).to.have.length(160 * 120 * 3)
      expect(await refusedCount(bytes)).to.equal(PLACES)
    })

  it('refuses the project’s own samples at each of 50 places, or decodes what is complete', async function () {
    const files = imageFiles(join(PACKAGE_ROOT, 'samples'))
    if (files.length === 0) return void this.skip()
    for (const file of files) expect(await refusedCount(readFileSync(file)), file).to.be.at.least(PLACES - 2)
  })

  it('gives the memory back after 300 broken images', async function () {
    const whole = await busy().resize(1600, 1200).jpeg().toBuffer()
    const broken = whole.subarray(0, Math.floor(whole.length * 0.9))
    const rounds = async (count: number) => {
      for (let i = 0; i < count; i++) await expectCode('PARSE_ERROR', decode(broken))
    }
    await rounds(30) // what is taken once is no leak
    const beforeBytes = process.memoryUsage().rss
    await rounds(300)
    const grownMiB = (process.memoryUsage().rss - beforeBytes) / 2 ** 20
    expect(grownMiB).to.be.lessThan(150) // each holds 5.8 MB of pixels: 300 leaks would be 1.7 GB
  })
})

/** A PNG that claims a size and holds next to nothing. */
function pngHeader(width: number, height: number): Buffer {
  const size = Buffer.alloc(13)
  size.writeUInt32BE(width, 0)
  size.writeUInt32BE(height, 4)
  size.set([8, 2, 0, 0, 0], 8) // 8 bits, RGB
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    checksum.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, checksum])
  }
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const data = deflateSync(Buffer.alloc(64))
  return Buffer.concat([signature, chunk('IHDR', size), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))])
}
