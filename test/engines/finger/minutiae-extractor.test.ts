import { expect } from 'chai'
import sharp from 'sharp'
import { composeMinutiaeExtractor } from '../../../src/compose-finger-extractor.js'
import { backgroundContext } from '../../../src/domain/context.js'
import type { FingerImage } from '../../../src/domain/extractor.js'
import { readFingerRecord } from '../../../src/engines/finger/formats/read.js'
import { expectCode } from '../../support/errors.js'
import { drawPrint } from './extraction/support/drawn-prints.js'

// Goal: the built-in extractor keeps the plug-in contract of domain/extractor.ts. Method: the real one with its real
// decoders, on a print drawn by formula with seven minutiae.
const extractor = composeMinutiaeExtractor()
const context = backgroundContext('test')
const SEVEN = [
  [10, -7],
  [80, 60],
  [60, -90],
  [110, -20],
  [-50, 100],
  [-60, -80],
  [-90, 20],
].map(([right, up], i) => ({ right: right!, up: up!, type: 'ending' as const, pointsRight: i < 4 }))
const print = drawPrint({ minutiae: SEVEN })

const raw: FingerImage = {
  format: 'gray8',
  bytes: print.pixels,
  widthPx: print.widthPx,
  heightPx: print.heightPx,
  resolutionDpi: 500,
  position: 'right-index',
  impression: 0,
}
const encoder = (density?: number) => {
  const image = sharp(print.pixels, {
    raw: { width: print.widthPx, height: print.heightPx, channels: 1 },
  }).toColourspace('b-w')
  return density === undefined ? image : image.withMetadata({ density })
}
const png = async (more: Partial<FingerImage>, density?: number): Promise<FingerImage> => ({
  ...raw,
  format: 'png',
  bytes: await encoder(density).png().toBuffer(),
  widthPx: null,
  heightPx: null,
  ...more,
})

describe('MinutiaeExtractor', () => {
  it('says what it is', async () => {
    const { id, modality, inputFormats, outputFormat } = await extractor.describe(context)
    expect([id, modality, outputFormat]).to.deep.equal(['portcullis-minutiae', 'finger', 'iso-19794-2-2005'])
    expect(inputFormats).to.have.members(['gray8', 'png', 'tiff', 'bmp', 'wsq'])
  })

  it('gives a record that reads strictly, with the minutiae of the print', async () => {
    const { templates, quality, warnings } = await extractor.extract(raw, context)
    expect(templates).to.have.length(1)
    const { format, views, warnings: faults } = readFingerRecord(templates[0]!)
    expect([format, views.length, faults]).to.deep.equal(['iso-19794-2-2005', 1, []])
    expect(views[0]).to.include({ position: 'right-index', impression: 0, quality, widthPx: 320, resolutionXPpcm: 197 })
    expect(views[0]?.minutiae).to.have.length(7)
    for (const { x, y } of print.known)
      expect(views[0]?.minutiae.some(({ xPx, yPx }) => Math.hypot(xPx - x, yPx - y) < 6)).to.equal(true)
    expect(warnings).to.deep.equal(['Only 7 minutiae were found.'])
  })

  it('gives the same for the same picture in another format', async () => {
    const expected = await extractor.extract(raw, context)
    expect(await extractor.extract(await png({}), context)).to.deep.equal(expected)
    const tiff = await encoder().tiff({ compression: 'lzw' }).toBuffer()
    expect(await extractor.extract({ ...raw, format: 'tiff', bytes: tiff }, context)).to.deep.equal(expected)
  })

  it('tells the quality without a template, also of a print too poor for one', async () => {
    const { quality } = await extractor.quality(raw, context)
    expect(quality).to.equal((await extractor.extract(raw, context)).quality)
    const bare = { ...raw, bytes: drawPrint().pixels }
    expect(await extractor.quality(bare, context)).to.deep.include({ quality: 0 })
    const error = await expectCode('QUALITY_TOO_LOW', extractor.extract(bare, context))
    expect(error.reasons).to.deep.equal(['Only 0 minutiae were found.'])
  })

  it('refuses an image without a finger, with a reason', async () => {
    const white = { ...raw, bytes: new Uint8Array(raw.bytes.length).fill(255) }
    const error = await expectCode('NO_FINGER', extractor.extract(white, context))
    expect(error.reasons).to.deep.equal(['The image shows no ridges of a finger.'])
    await expectCode('NO_FINGER', extractor.quality(white, context))
  })

  it('needs a resolution from the caller or the file, and refuses two that differ', async () => {
    const told = async (image: Promise<FingerImage>) =>
      (await expectCode('INVALID_ARGUMENT', extractor.extract(await image, context))).field
    expect(await told(png({ resolutionDpi: null }))).to.equal('resolution_dpi')
    expect(await told(png({ resolutionDpi: 500 }, 1000))).to.equal('resolution_dpi')
    expect(await told(png({ resolutionDpi: null }, 72))).to.equal('resolution_dpi')
    expect((await extractor.extract(await png({ resolutionDpi: null }, 500), context)).templates).to.have.length(1)
    // An image program's 72 dpi is no statement.
    expect((await extractor.extract(await png({ resolutionDpi: 500 }, 72), context)).templates).to.have.length(1)
  })

  it('needs the size of a raw image, and refuses one that is not so', async () => {
    const field = async (more: Partial<FingerImage>) =>
      (await expectCode('INVALID_ARGUMENT', extractor.extract({ ...raw, ...more }, context))).field
    expect(await field({ widthPx: null })).to.equal('width_px')
    expect(await field({ heightPx: null })).to.equal('height_px')
    expect(await field({ widthPx: 0.5 })).to.equal('width_px')
    await expectCode('PARSE_ERROR', extractor.extract({ ...raw, heightPx: 319 }, context))
    expect(
      (await expectCode('INVALID_ARGUMENT', extractor.extract(await png({ widthPx: 319 }), context))).field,
    ).to.equal('width_px')
  })

  it('refuses other formats, and a caller who has gone', async () => {
    const jpeg = { ...raw, format: 'jpeg' as 'png' }
    await expectCode('FORMAT_UNSUPPORTED', extractor.extract(jpeg, context))
    await expectCode('CANCELLED', extractor.extract(raw, { ...context, signal: AbortSignal.abort() }))
    await expectCode('DEADLINE_EXCEEDED', extractor.extract(raw, { ...context, deadlineAtMs: Date.now() - 1 }))
  })
})
