import { expect } from 'chai'
import sharp, { type Sharp } from 'sharp'
import { greyDecoder } from '../../../src/adapters/finger-image/grey-decoder.js'
import { GREY_LIMITS } from '../../../src/domain/grey-image.js'
import { expectCode } from '../../support/errors.js'

// Goal: what scanners write arrives as grey, with the file's own resolution. Method: sharp encodes a known picture.
const [WIDTH, HEIGHT] = [150, 120]
const GREY = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, p) => ((p * p * 7) >> 5) % 256) // does not compress well
const grey = (): Sharp => sharp(GREY, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } }).toColourspace('b-w')
const png = greyDecoder('png')
const tiff = greyDecoder('tiff')

describe('greyDecoder()', () => {
  it('reads grey PNG and TIFF as they are, with their resolution', async () => {
    const image = { widthPx: WIDTH, heightPx: HEIGHT, pixels: GREY, resolutionDpi: 500 }
    expect(await png(await grey().withMetadata({ density: 500 }).png().toBuffer())).to.deep.equal(image)
    expect(
      await tiff(await grey().withMetadata({ density: 500 }).tiff({ compression: 'lzw' }).toBuffer()),
    ).to.deep.equal(image)
  })

  it('knows no resolution where a PNG says none', async () => {
    expect((await png(await grey().png().toBuffer())).resolutionDpi).to.equal(null)
  })

  it('takes 16 bits by the upper eight, colour by its luminance, and transparent parts as paper', async () => {
    const deep = await grey().toColourspace('grey16').png({}).toBuffer()
    expect((await sharp(deep).metadata()).depth).to.equal('ushort')
    expect((await png(deep)).pixels[100]).to.be.closeTo(GREY[100]!, 1)
    const red = await sharp({ create: { width: 4, height: 4, channels: 3, background: '#ff0000' } })
      .png()
      .toBuffer()
    expect((await png(red)).pixels[0]).to.be.within(50, 130) // sRGB red is dark
    const clear = await sharp({ create: { width: 4, height: 4, channels: 4, background: '#00000000' } })
      .png()
      .toBuffer()
    expect((await png(clear)).pixels[0]).to.equal(255)
  })

  it('refuses what is of another format than announced', async () => {
    const jpeg = await grey().jpeg().toBuffer()
    for (const bytes of [jpeg, Buffer.from('<svg/>'), new Uint8Array()]) {
      await expectCode('PARSE_ERROR', png(bytes))
      await expectCode('PARSE_ERROR', tiff(bytes))
    }
  })

  it('refuses truncated files at each of 20 places', async () => {
    const whole = { png: await grey().png().toBuffer(), tiff: await grey().tiff({ compression: 'deflate' }).toBuffer() }
    for (let place = 1; place <= 20; place++) {
      const cut = (bytes: Buffer) => bytes.subarray(0, Math.floor((bytes.length * place) / 21))
      await expectCode('PARSE_ERROR', png(cut(whole.png)))
      await expectCode('PARSE_ERROR', tiff(cut(whole.tiff)))
    }
  })

  it('refuses too many bytes and too many pixels', async () => {
    await expectCode('LIMIT_EXCEEDED', png(new Uint8Array(GREY_LIMITS.bytesMax + 1)))
    const bomb = await sharp({ create: { width: 4001, height: 4000, channels: 3, background: '#000' } })
      .png()
      .toBuffer()
    const error = await expectCode('LIMIT_EXCEEDED', png(bomb))
    expect(error.got).to.equal('4001 × 4000')
  })
})
